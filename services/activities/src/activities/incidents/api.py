"""The log of incidents over HTTP: for directors, coordinators and animators of the organiser, and nobody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.database import api_database
from activities.incidents import queries, use_cases
from activities.incidents.domain import NotOfThisSession, NotOnTheList, Severity, UnknownFollowUp, UnknownIncident
from activities.incidents.queries import LoggedIncident
from activities.sessions.queries import get_facts
from common.http import Day, IfMatch, LongText, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems

router = APIRouter(tags=["incidents"])
PROBLEMS: Problems = {
    UnknownIncident: NOT_FOUND,
    UnknownFollowUp: NOT_FOUND,
    NotOfThisSession: Problem(422, "not-of-this-session", "The incident does not belong to this session"),
    NotOnTheList: Problem(422, "not-on-the-list", "Somebody named has no place in the session"),
}
Report = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]


class IncidentRequest(BaseModel):
    """What happened, who was told, which first aid was given; those concerned by the ids of participants."""

    model_config = ConfigDict(extra="forbid")

    happened_at: Moment
    place: ShortText
    what_happened: Report
    severity: Severity
    first_aid: LongText = ""
    told: LongText = ""
    participant_ids: Annotated[list[UUID], Field(max_length=100)] = []


class LoggedAnswer(BaseModel):
    """That an incident was written down; what happened is not repeated."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    session_id: UUID


class FollowUpRequest(BaseModel):
    """What is to do, and until when."""

    model_config = ConfigDict(extra="forbid")

    task: ShortText
    due_on: Day


class FollowUpChange(BaseModel):
    """Whether it was done."""

    model_config = ConfigDict(extra="forbid")

    is_done: bool


class FollowUpAnswer(BaseModel):
    """What is to do after an incident."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    incident_id: UUID
    version: int
    task: str
    due_on: date
    done_at: datetime | None


class OpenFollowUp(FollowUpAnswer):
    """The same, with the session in which it began."""

    session_id: UUID
    severity: Severity


class IncidentAnswer(BaseModel):
    """An incident as it stands in the log, with what follows."""

    id: UUID
    session_id: UUID
    happened_at: datetime
    place: str
    what_happened: str
    severity: Severity
    first_aid: str
    told: str
    participants_count: int
    participant_ids: list[UUID]
    recorded_at: datetime
    recorded_by_me: bool
    follow_ups: list[FollowUpAnswer]


@router.post("/sessions/{session_id}/incidents", status_code=201, response_model=LoggedAnswer)
async def post_incident(session_id: UUID, body: IncidentRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Write an incident down; it does not change afterwards, what turns up later is another entry or a follow-up."""
    report = use_cases.Report(**body.model_dump())

    async def create() -> LoggedAnswer:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        return LoggedAnswer.model_validate(await use_cases.log_incident(session, session_id, report, caller.key))

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/sessions/{session_id}/incidents")
async def get_incidents(
    session_id: UUID, caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[IncidentAnswer]:
    """The log of a session."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await get_facts(session, session_id)).organisation_id, FIELD_STAFF)
        found = await queries.list_incidents(session, session_id, decode_cursor(cursor), limit)
        shown, cursor_of_rest = next_cursor([logged.incident.id for logged in found], limit)
        return Page(items=[_answer(one, caller.key) for one in found[:shown]], next_cursor=cursor_of_rest)


@router.post("/incidents/{incident_id}/follow-ups", status_code=201, response_model=FollowUpAnswer)
async def post_follow_up(incident_id: UUID, body: FollowUpRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Write down what is to do after an incident, and until when."""

    async def create() -> FollowUpAnswer:
        caller.require((await queries.get_incident(session, incident_id)).organisation_id, FIELD_STAFF)
        added = await use_cases.add_follow_up(session, incident_id, body.task, body.due_on)
        return FollowUpAnswer.model_validate(added)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.patch("/follow-ups/{follow_up_id}")
async def patch_follow_up(
    follow_up_id: UUID, body: FollowUpChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> FollowUpAnswer:
    """Say that something was done, or that it is to do again."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        locked = await queries.lock_follow_up(session, follow_up_id)
        caller.require(locked.organisation_id, FIELD_STAFF)
        settled = await use_cases.settle_follow_up(session, locked, caller.key, version, is_done=body.is_done)
        response.headers["ETag"] = etag(settled.version)
        return FollowUpAnswer.model_validate(settled)


@router.get("/follow-ups")
async def get_follow_ups(
    caller: Caller,
    organisation_id: Annotated[UUID, Query()],
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    is_done: bool | None = None,
) -> Page[OpenFollowUp]:
    """What is to do after incidents of an association: an empty list for everybody but its field staff."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await queries.list_follow_ups(session, organisation_id, is_done, decode_cursor(cursor), limit)
    shown, cursor_of_rest = next_cursor([follow_up.id for follow_up, _ in found], limit)
    items = [
        OpenFollowUp(
            **FollowUpAnswer.model_validate(follow_up).model_dump(),
            session_id=incident.session_id,
            severity=Severity(incident.severity),
        )
        for follow_up, incident in found[:shown]
    ]
    return Page(items=items, next_cursor=cursor_of_rest)


def _answer(logged: LoggedIncident, reader: str) -> IncidentAnswer:
    incident = logged.incident
    plain = (
        "id", "session_id", "happened_at", "place", "what_happened", "severity", "first_aid", "told",
        "participants_count", "recorded_at",
    )  # fmt: skip
    return IncidentAnswer(
        **{name: getattr(incident, name) for name in plain},
        participant_ids=list(logged.participant_ids),
        recorded_by_me=incident.recorded_by == reader,
        follow_ups=[FollowUpAnswer.model_validate(one) for one in logged.follow_ups],
    )
