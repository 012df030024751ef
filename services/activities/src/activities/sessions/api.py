"""Sessions over HTTP: the public sees those of published activities."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime

from access.callers import Caller, MaybeCaller
from access.roles import PLANNERS, TEAM
from activities.database import api_database
from activities.programmes.queries import get_activity
from activities.sessions import domain, queries, use_cases
from activities.sessions.domain import Period, SessionState
from activities.sessions.tables import PlannedSession, SessionPlaces
from common.http import AmountMinor, IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from contracts.activities import SupervisionSetting

router = APIRouter(tags=["sessions"])
PROBLEMS: Problems = {
    domain.UnknownSession: NOT_FOUND,
    domain.UnknownSite: Problem(422, "unknown-site", "There is no such site"),
    domain.EndsTooEarly: Problem(422, "ends-too-early", "A session must end after it starts, within a week"),
    domain.StartsInThePast: Problem(422, "starts-in-the-past", "A session is planned for the future"),
    domain.SessionNotOpen: Problem(409, "session-not-open", "This session is not open any more"),
    domain.NotYetOver: Problem(409, "session-not-begun", "This session has not begun"),
    domain.InvalidRecurrence: Problem(422, "invalid-recurrence", "The recurrence rule does not work"),
    domain.NoSchoolCalendar: Problem(422, "no-school-calendar", "No school calendar is known there"),
    domain.SharesDoNotAddUp: Problem(422, "shares-do-not-add-up", "The cost shares must add up to 100 %"),
    domain.NoPrice: Problem(422, "no-price", "A session needs at least one price category"),
    domain.AgesCrossed: Problem(422, "ages-crossed", "The lowest age lies above the highest"),
    domain.CapacityBelowTaken: Problem(409, "capacity-below-taken", "More places are taken than that"),
    domain.MinimumAboveCapacity: Problem(422, "minimum-above-capacity", "The minimum lies above the capacity"),
}
Age = Annotated[int, Field(strict=True, ge=0, le=120)]
Places = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Category = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Moment = Annotated[AwareDatetime | None, Query()]


class ShareBody(BaseModel):
    """What part an association bears, in basis points (10 000 = all)."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    basis_points: Annotated[int, Field(strict=True, ge=1, le=10_000)]


class PlanRequest(BaseModel):
    """What one session or all of a series have in common."""

    model_config = ConfigDict(extra="forbid")

    activity_id: UUID
    site_id: UUID
    title: ShortText
    capacity: Places
    minimum: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0
    prices: Annotated[dict[Category, AmountMinor], Field(min_length=1, max_length=20)]
    supervision: SupervisionSetting = SupervisionSetting.none
    age_from: Age | None = None
    age_to: Age | None = None
    accessibility: Annotated[list[ShortText], Field(max_length=20)] = []
    cost_shares: Annotated[list[ShareBody], Field(max_length=20)] = []
    open_door: bool = False

    def plan(self) -> use_cases.SessionPlan:
        """The plan as the use cases take it."""
        fields = self.model_dump(include=set(PlanRequest.model_fields) - {"cost_shares"})
        shares = tuple((share.organisation_id, share.basis_points) for share in self.cost_shares)
        return use_cases.SessionPlan(**fields, cost_shares=shares)


class SessionRequest(PlanRequest):
    """One session."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class SeriesRequest(PlanRequest):
    """A series by an RFC 5545 rule, on the site's clock."""

    first_starts_at_local: NaiveDatetime
    duration_minutes: Annotated[int, Field(strict=True, ge=5, le=2_880)]
    rule: Annotated[str, Field(max_length=500, pattern=r"^[A-Z0-9=;,:+\-]+$")]
    except_on: Annotated[list[date], Field(max_length=100)] = []
    skip_school_holidays: bool = False


class SessionChange(BaseModel):
    """Either a new time or a new capacity."""

    model_config = ConfigDict(extra="forbid")

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    capacity: Places | None = None


class CancelRequest(BaseModel):
    """Why a session is called off; the people booked will read it."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class SessionAnswer(BaseModel):
    """A session as it stands; `places_free` counts what is neither taken nor set aside."""

    id: UUID
    organisation_id: UUID
    version: int
    activity_id: UUID
    programme_id: UUID
    series_id: UUID | None
    site_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    state: SessionState
    capacity: int
    places_free: int
    minimum: int
    age_from: int | None
    age_to: int | None
    accessibility: list[str]
    prices: dict[str, int]
    currency: str
    supervision: SupervisionSetting
    cost_shares: list[ShareBody]
    open_door: bool


class SeriesAnswer(BaseModel):
    """The sessions of a series, in order."""

    series_id: UUID | None
    sessions: list[SessionAnswer]


@router.post("/sessions", status_code=201, response_model=SessionAnswer)
async def post_session(body: SessionRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Plan one session; for coordinators and directors."""

    async def create() -> SessionAnswer:
        activity = await get_activity(session, body.activity_id)
        caller.require(activity.organisation_id, PLANNERS)
        planned = await use_cases.schedule_session(session, body.plan(), Period(body.starts_at, body.ends_at))
        return answer(planned, await queries.get_places(session, planned.id))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.post("/sessions/series", status_code=201, response_model=SeriesAnswer)
async def post_series(body: SeriesRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Plan a series, leaving out exceptions and, if asked, school holidays; for coordinators and directors."""
    series = use_cases.SeriesPlan(
        body.first_starts_at_local,
        timedelta(minutes=body.duration_minutes),
        body.rule,
        body.except_on,
        body.skip_school_holidays,
    )

    async def create() -> SeriesAnswer:
        activity = await get_activity(session, body.activity_id)
        caller.require(activity.organisation_id, PLANNERS)
        planned = await use_cases.schedule_series(session, body.plan(), series)
        answers = [answer(item, await queries.get_places(session, item.id)) for item in planned]
        return SeriesAnswer(series_id=planned[0].series_id, sessions=answers)

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/sessions")
async def get_sessions(
    caller: MaybeCaller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    activity_id: UUID | None = None,
    starts_from: Moment = None,
    starts_before: Moment = None,
) -> Page[SessionAnswer]:
    """The sessions of published activities, and those of the caller's associations."""
    async with api_database.transaction(caller.context(TEAM) if caller else None) as session:
        found = await queries.list_sessions(
            session, decode_cursor(cursor), limit, activity_id, starts_from, starts_before
        )
    shown, cursor_of_rest = next_cursor([planned.id for planned, _ in found], limit)
    return Page(items=[answer(planned, places) for planned, places in found[:shown]], next_cursor=cursor_of_rest)


@router.get("/sessions/{session_id}")
async def get_session(session_id: UUID, caller: MaybeCaller, response: Response) -> SessionAnswer:
    """One session."""
    async with api_database.transaction(caller.context(TEAM) if caller else None) as session:
        planned = await queries.get_session(session, session_id)
        places = await queries.get_places(session, session_id)
    response.headers["ETag"] = etag(planned.version)
    return answer(planned, places)


@router.patch("/sessions/{session_id}")
async def patch_session(
    session_id: UUID, body: SessionChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> SessionAnswer:
    """Move a session (both times) or change its capacity; for coordinators and directors."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        planned = await queries.get_session(session, session_id)
        caller.require(planned.organisation_id, PLANNERS)
        if body.starts_at is not None and body.ends_at is not None:
            period = Period(body.starts_at, body.ends_at)
            planned = await use_cases.reschedule_session(session, session_id, period, version)
            version = planned.version
        if body.capacity is not None:
            planned = await use_cases.resize_session(session, session_id, body.capacity, version)
        places = await queries.get_places(session, session_id)
    response.headers["ETag"] = etag(planned.version)
    return answer(planned, places)


@router.post("/sessions/{session_id}/cancellation")
async def post_cancellation(
    session_id: UUID, body: CancelRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> SessionAnswer:
    """Call a session off; for coordinators and directors."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        planned = await queries.get_session(session, session_id)
        caller.require(planned.organisation_id, PLANNERS)
        planned = await use_cases.cancel_session(session, session_id, body.reason, version)
        places = await queries.get_places(session, session_id)
    response.headers["ETag"] = etag(planned.version)
    return answer(planned, places)


def answer(planned: PlannedSession, places: SessionPlaces) -> SessionAnswer:
    """A session as it is shown."""
    shares = [
        ShareBody(organisation_id=share.organisation_id, basis_points=share.basis_points)
        for share in use_cases.cost_shares_of(planned)
    ]
    return SessionAnswer(
        **{name: getattr(planned, name) for name in _PLAIN_FIELDS},
        capacity=places.capacity,
        places_free=places.capacity - places.taken,
        cost_shares=shares,
    )


_PLAIN_FIELDS = SessionAnswer.model_fields.keys() - {"capacity", "places_free", "cost_shares"}
