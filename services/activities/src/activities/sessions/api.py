"""Sessions over HTTP: the public sees those of published activities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller, MaybeCaller
from access.principals import Principal
from access.roles import ANY_ROLE, PLANNERS, TEAM
from activities.database import api_database
from activities.holds.domain import HoldState, PersonWish, ResourceWish, Wishes
from activities.holds.queries import ShownHold, map_shown
from activities.programmes.queries import get_activity
from activities.sessions import domain, queries, use_cases
from activities.sessions.domain import Period, SessionState
from activities.sessions.queries import SessionFilter, SessionWithPlaces
from common.http import AmountMinor, IfMatch, Moment, ShortText, etag, expected_version
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
    domain.UnknownBearer: Problem(422, "unknown-bearer", "Some organisations that shall bear a share are not known"),
    domain.SiteOfAnotherCurrency: Problem(422, "site-of-another-currency", "Prices there are in another currency"),
    domain.NoPrice: Problem(422, "no-price", "A session needs at least one price category"),
    domain.AgesCrossed: Problem(422, "ages-crossed", "The lowest age lies above the highest"),
    domain.CapacityBelowTaken: Problem(409, "capacity-below-taken", "More places are taken than that"),
    domain.MinimumAboveCapacity: Problem(422, "minimum-above-capacity", "The minimum lies above the capacity"),
}
Age = Annotated[int, Field(strict=True, ge=0, le=120)]
Places = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Category = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Prices = Annotated[dict[Category, AmountMinor], Field(min_length=1, max_length=20)]
Features = Annotated[list[ShortText], Field(max_length=20)]
MomentQuery = Annotated[Moment | None, Query()]
LocalMoment = Annotated[NaiveDatetime, Field(ge=datetime(2000, 1, 1), lt=datetime(2100, 1, 1))]  # noqa: DTZ001


class ShareBody(BaseModel):
    """What part an association bears, in basis points (10 000 = all)."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    basis_points: Annotated[int, Field(strict=True, ge=1, le=10_000)]


class ResourceWishBody(BaseModel):
    """A room or a piece of equipment, from so many minutes before the session until so many after it."""

    model_config = ConfigDict(extra="forbid")

    resource_id: UUID
    owner_organisation_id: UUID
    quantity: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    minutes_before: Annotated[int, Field(strict=True, ge=0, le=1_440)] = 0
    minutes_after: Annotated[int, Field(strict=True, ge=0, le=1_440)] = 0


class PersonWishBody(BaseModel):
    """How many people in a role, with which qualification, and who is asked for by name."""

    model_config = ConfigDict(extra="forbid")

    role: Category
    count: Annotated[int, Field(strict=True, ge=1, le=50)] = 1
    qualification: Category | None = None
    person_ids: Annotated[list[UUID], Field(max_length=50)] = []


class WishesBody(BaseModel):
    """Everything that a session asks others for at once; without any, everything is given back.

    Give days to answer when the owner of a pooled resource decides each time.
    """

    model_config = ConfigDict(extra="forbid")

    resources: Annotated[list[ResourceWishBody], Field(max_length=20)] = []
    people: Annotated[list[PersonWishBody], Field(max_length=20)] = []
    answer_within_seconds: Annotated[int, Field(strict=True, ge=1, le=1_209_600)] = 60

    def wishes(self) -> Wishes:
        """As the use cases take them."""
        people = tuple(PersonWish(**{**dict(one), "person_ids": tuple(one.person_ids)}) for one in self.people)
        resources = tuple(ResourceWish(**dict(one)) for one in self.resources)
        return Wishes(resources, people, self.answer_within_seconds)


class PlanRequest(BaseModel):
    """What one session or all of a series have in common."""

    model_config = ConfigDict(extra="forbid")

    activity_id: UUID
    site_id: UUID
    title: ShortText
    capacity: Places
    minimum: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0
    prices: Prices
    supervision: SupervisionSetting = SupervisionSetting.none
    age_from: Age | None = None
    age_to: Age | None = None
    accessibility: Features = []
    cost_shares: Annotated[list[ShareBody], Field(max_length=20)] = []
    open_door: bool = False
    wishes: WishesBody = WishesBody()

    def plan(self) -> use_cases.SessionPlan:
        """The plan as the use cases take it."""
        fields = self.model_dump(include=set(PlanRequest.model_fields) - {"cost_shares", "wishes"})
        shares = tuple((share.organisation_id, share.basis_points) for share in self.cost_shares)
        return use_cases.SessionPlan(**fields, cost_shares=shares, wishes=self.wishes.wishes())


class SessionRequest(PlanRequest):
    """One session."""

    starts_at: Moment
    ends_at: Moment


class RecurrenceBody(BaseModel):
    """When a series takes place: an RFC 5545 rule on the site's clock."""

    model_config = ConfigDict(extra="forbid")

    first_starts_at_local: LocalMoment
    duration_minutes: Annotated[int, Field(strict=True, ge=5, le=2_880)]
    rule: Annotated[str, Field(max_length=500, pattern=r"^[A-Z0-9=;,:+\-]+$")]


class PreviewRequest(RecurrenceBody):
    """A series that nobody has decided on yet, with the language to name holidays in."""

    activity_id: UUID
    site_id: UUID
    language: Literal["fr", "nl", "de", "en"] = "fr"


class SeriesRequest(PlanRequest, RecurrenceBody):
    """A series to plan."""

    except_on: Annotated[list[date], Field(max_length=100)] = []
    skip_school_holidays: bool = False


class SessionChangeRequest(BaseModel):
    """What shall be different; fields that are not sent stay, an age limit of null is lifted."""

    model_config = ConfigDict(extra="forbid")

    starts_at: Moment | None = None
    ends_at: Moment | None = None
    site_id: UUID | None = None
    capacity: Places | None = None
    title: ShortText | None = None
    minimum: Annotated[int, Field(strict=True, ge=0, le=10_000)] | None = None
    prices: Prices | None = None
    supervision: SupervisionSetting | None = None
    accessibility: Features | None = None
    age_from: Age | None = None
    age_to: Age | None = None
    wishes: WishesBody | None = None

    @model_validator(mode="after")
    def _moves_as_a_whole(self) -> Self:
        if (self.starts_at is None) != (self.ends_at is None):
            raise ValueError("a session moves with both starts_at and ends_at")
        return self

    def change(self) -> use_cases.SessionChange:
        """The change as the use cases take it."""
        sent: dict[str, Any] = self.model_dump(
            exclude_unset=True, exclude={"starts_at", "ends_at", "site_id", "capacity", "wishes"}
        )
        columns = {name: value for name, value in sent.items() if value is not None or name in ("age_from", "age_to")}
        period = Period(self.starts_at, self.ends_at) if self.starts_at and self.ends_at else None
        wishes = self.wishes.wishes() if self.wishes else None
        return use_cases.SessionChange(period, self.site_id, self.capacity, columns, wishes)


class CancelRequest(BaseModel):
    """Why a session is called off; the people booked will read it."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class SessionAnswer(BaseModel):
    """A session as it stands; `places_free` counts what is neither taken nor set aside.

    Cost shares are for who bears them, `hold_state` for the team (all: `/sessions/{id}/hold`), `rooms` for everybody.
    """

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
    hold_state: HoldState | None = None
    rooms: list[str] = []


class PossibleDayAnswer(BaseModel):
    """A date of a series; `holiday` is the name of the day without school that it falls on."""

    on: date
    starts_at: datetime
    ends_at: datetime
    holiday: str | None


class PreviewAnswer(BaseModel):
    """Every date of a series, in order, and the zone of the site's clock."""

    time_zone: str
    days: list[PossibleDayAnswer]


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
        return (await _answers(session, [planned], caller))[0]

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
        answers = await _answers(session, planned, caller)
        return SeriesAnswer(series_id=planned[0].planned.series_id, sessions=answers)

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.post("/sessions/series/preview")
async def preview_series(body: PreviewRequest, caller: Caller) -> PreviewAnswer:
    """Every date that a series would take place on, before anybody plans it; for coordinators and directors."""
    series = use_cases.SeriesPlan(body.first_starts_at_local, timedelta(minutes=body.duration_minutes), body.rule)
    language = "en_US" if body.language == "en" else body.language
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await get_activity(session, body.activity_id)).organisation_id, PLANNERS)
        time_zone, days = await use_cases.preview_series(session, body.site_id, series, language)
    answers = [
        PossibleDayAnswer(on=day.on, starts_at=day.period.starts_at, ends_at=day.period.ends_at, holiday=day.holiday)
        for day in days
    ]
    return PreviewAnswer(time_zone=time_zone, days=answers)


@router.get("/sessions")
async def get_sessions(
    caller: MaybeCaller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    organisation_id: UUID | None = None,
    activity_id: UUID | None = None,
    series_id: UUID | None = None,
    site_id: UUID | None = None,
    state: SessionState | None = None,
    starts_from: MomentQuery = None,
    starts_before: MomentQuery = None,
) -> Page[SessionAnswer]:
    """The sessions of published activities, and for their teams those of the caller's associations."""
    wanted = SessionFilter(organisation_id, activity_id, series_id, site_id, state, starts_from, starts_before)
    async with api_database.transaction(caller.context(TEAM) if caller else None) as session:
        found = await queries.list_sessions(session, decode_cursor(cursor), limit, wanted)
        shown, cursor_of_rest = next_cursor([item.planned.id for item in found], limit)
        return Page(items=await _answers(session, found[:shown], caller), next_cursor=cursor_of_rest)


@router.get("/sessions/{session_id}")
async def get_session(session_id: UUID, caller: MaybeCaller, response: Response) -> SessionAnswer:
    """One session."""
    async with api_database.transaction(caller.context(TEAM) if caller else None) as session:
        found = await queries.get_session(session, session_id)
        (answer,) = await _answers(session, [found], caller)
    response.headers["ETag"] = etag(found.planned.version)
    return answer


@router.patch("/sessions/{session_id}")
async def patch_session(
    session_id: UUID, body: SessionChangeRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> SessionAnswer:
    """Move or change a session that is still to come; for coordinators and directors."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_session(session, session_id)
        caller.require(found.planned.organisation_id, PLANNERS)
        found = await use_cases.change_session(session, session_id, body.change(), version)
        (answer,) = await _answers(session, [found], caller)
    response.headers["ETag"] = etag(found.planned.version)
    return answer


@router.post("/sessions/{session_id}/cancellation")
async def post_cancellation(
    session_id: UUID, body: CancelRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> SessionAnswer:
    """Call a session off; for coordinators and directors."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_session(session, session_id)
        caller.require(found.planned.organisation_id, PLANNERS)
        found = await use_cases.cancel_session(session, session_id, body.reason, version)
        (answer,) = await _answers(session, [found], caller)
    response.headers["ETag"] = etag(found.planned.version)
    return answer


async def _answers(
    session: AsyncSession, found: Sequence[SessionWithPlaces], caller: Principal | None
) -> list[SessionAnswer]:
    """The sessions as the caller may see them; nobody but their teams sees the holds."""
    shown = await map_shown(session, [one.planned.id for one in found], to_team=caller is not None)
    return [_answer(one, caller, shown[one.planned.id]) for one in found]


def _answer(found: SessionWithPlaces, caller: Principal | None, hold: ShownHold) -> SessionAnswer:
    planned, places = found.planned, found.places
    shares = use_cases.cost_shares_of(planned.cost_shares)
    concerned = [planned.organisation_id, *(share.organisation_id for share in shares)]
    if caller is None or not any(caller.may(organisation_id, ANY_ROLE) for organisation_id in concerned):
        shares = ()
    return SessionAnswer(
        **{name: getattr(planned, name) for name in _PLAIN_FIELDS},
        capacity=places.capacity,
        places_free=places.capacity - places.taken,
        cost_shares=[ShareBody.model_validate(share, from_attributes=True) for share in shares],
        **vars(hold),
    )


_PLAIN_FIELDS = SessionAnswer.model_fields.keys() - {"capacity", "places_free", "cost_shares", "hold_state", "rooms"}
