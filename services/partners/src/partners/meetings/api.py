"""HTTP in: meetings and tasks. Planners write them down, field staff read them and do their tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.roles import FIELD_STAFF, PLANNERS
from common.http import Day, IfMatch, LongText, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import CHANGED, NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.meetings import domain, queries, use_cases
from partners.meetings.domain import Attendance, MeetingKind, Record
from partners.memberships import queries as membership_queries
from partners.memberships.domain import MembershipState

if TYPE_CHECKING:
    from partners.meetings.tables import Meeting

router = APIRouter(tags=["meetings"])
PROBLEMS: Problems = {
    domain.MeetingNotFound: NOT_FOUND,
    domain.TaskNotFound: NOT_FOUND,
    domain.MeetingChangedMeanwhile: CHANGED,
    domain.TaskChangedMeanwhile: CHANGED,
    domain.UnfitMeeting: Problem(422, "unfit-meeting", "What was entered contradicts itself"),
    domain.NobodyToOwnIt: Problem(422, "nobody-to-own-it", "The owner of a task is an active member"),
    domain.TaskIsDone: Problem(409, "task-is-done", "This task is done"),
}


class AttendanceEntry(BaseModel):
    """Who was there, and for which organisation he spoke."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: ShortText
    for_organisation_id: UUID


class MeetingRequest(BaseModel):
    """What is written of a meeting; `partner_ids` are the organisations beside your own."""

    model_config = ConfigDict(extra="forbid")

    kind: MeetingKind = MeetingKind.meeting
    title: ShortText
    place: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    starts_at: Moment
    ends_at: Moment
    partner_ids: Annotated[list[UUID], Field(max_length=20)] = []
    agenda: LongText = ""
    minutes: Annotated[str, Field(max_length=40_000, pattern=r"^[^\x00]*$")] = ""
    decisions: Annotated[list[ShortText], Field(max_length=50)] = []
    attendances: Annotated[list[AttendanceEntry], Field(max_length=100)] = []

    @property
    def record(self) -> Record:
        present = tuple(Attendance(**entry.model_dump()) for entry in self.attendances)
        plain = self.model_dump(exclude={"organisation_id", "partner_ids", "decisions", "attendances"})
        return Record(
            **plain, partner_ids=tuple(self.partner_ids), decisions=tuple(self.decisions), attendances=present
        )


class NewMeeting(MeetingRequest):
    """A meeting that an association writes down."""

    organisation_id: UUID


class MeetingEntry(BaseModel):
    """A meeting in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    kind: MeetingKind
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    partner_ids: list[UUID]


class MeetingAnswer(MeetingEntry):
    """A meeting with all that was written of it."""

    agenda: str
    minutes: str
    decisions: list[str]
    attendances: list[AttendanceEntry]


class TaskChanges(BaseModel):
    """Who owns a task, and until the end of which day it shall be done."""

    model_config = ConfigDict(extra="forbid")

    owner_membership_id: UUID
    due_on: Day


class NewTaskBody(TaskChanges):
    """A task that somebody is given, in a meeting or outside of one."""

    organisation_id: UUID
    meeting_id: UUID | None = None
    title: ShortText


class TaskAnswer(BaseModel):
    """A task."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    meeting_id: UUID | None
    title: str
    owner_membership_id: UUID | None
    due_on: date
    done_at: datetime | None


class OwnerAnswer(BaseModel):
    """Somebody who can be given a task; neither address nor account is said."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    display_name: str
    role: str


@router.post("/meetings", status_code=201, response_model=MeetingAnswer)
async def write_down_meeting(body: NewMeeting, caller: Caller, key: IdempotencyKey) -> Response:
    """Write a meeting down, before or after it took place; only the association reads it."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def create() -> MeetingAnswer:
            meeting = await use_cases.write_down_meeting(session, body.organisation_id, body.record)
            return await _loaded(session, meeting)

        return await once(session, key, caller.key, create)


@router.get("/meetings")
async def list_meetings(
    caller: Caller, organisation_id: UUID | None = None, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[MeetingEntry]:
    """The meetings of the caller's associations."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        rows = await queries.list_meetings(session, organisation_id, decode_cursor(cursor), limit + 1)
    entries = [MeetingEntry.model_validate(row) for row in rows]
    shown, following = next_cursor([entry.id for entry in entries], limit)
    return Page(items=entries[:shown], next_cursor=following)


@router.get("/meetings/{meeting_id}")
async def get_meeting(meeting_id: UUID, caller: Caller, response: Response) -> MeetingAnswer:
    """One meeting, with the ETag that a change must name."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        meeting = await queries.find_meeting(session, meeting_id)
        if meeting is None:
            raise domain.MeetingNotFound
        answer = await _loaded(session, meeting)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.put("/meetings/{meeting_id}")
async def rewrite_meeting(
    meeting_id: UUID, body: MeetingRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> MeetingAnswer:
    """Replace what is written of a meeting: its agenda, later its minutes and decisions."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        meeting = await use_cases.rewrite_meeting(session, meeting_id, version, body.record)
        answer = await _loaded(session, meeting)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.post("/tasks", status_code=201, response_model=TaskAnswer)
async def give_task(body: NewTaskBody, caller: Caller, key: IdempotencyKey) -> Response:
    """Give a member of the association a task; it is reminded of in the morning of its day."""
    caller.require(body.organisation_id, PLANNERS)
    new = use_cases.NewTask(body.title, body.owner_membership_id, body.due_on, body.meeting_id)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def create() -> TaskAnswer:
            return TaskAnswer.model_validate(await use_cases.give_task(session, body.organisation_id, new))

        return await once(session, key, caller.key, create)


@router.get("/tasks")
async def list_tasks(
    caller: Caller,
    organisation_id: UUID | None = None,
    meeting_id: UUID | None = None,
    is_done: bool | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[TaskAnswer]:
    """The tasks of the caller's associations."""
    wanted = queries.TaskFilter(organisation_id, meeting_id, is_done)
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        rows = await queries.list_tasks(session, wanted, decode_cursor(cursor), limit + 1)
    entries = [TaskAnswer.model_validate(row) for row in rows]
    shown, following = next_cursor([entry.id for entry in entries], limit)
    return Page(items=entries[:shown], next_cursor=following)


@router.get("/tasks/{task_id}")
async def get_task(task_id: UUID, caller: Caller, response: Response) -> TaskAnswer:
    """One task, with the ETag that a change must name."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        task = await queries.find_task(session, task_id)
        if task is None:
            raise domain.TaskNotFound
        answer = TaskAnswer.model_validate(task)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.patch("/tasks/{task_id}")
async def change_task(
    task_id: UUID, body: TaskChanges, caller: Caller, response: Response, if_match: IfMatch = None
) -> TaskAnswer:
    """Give an open task to somebody else, or another day; its reminder moves along."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        task = await use_cases.change_task(session, task_id, version, body.owner_membership_id, body.due_on)
        answer = TaskAnswer.model_validate(task)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.post("/tasks/{task_id}/done")
async def finish_task(task_id: UUID, caller: Caller) -> TaskAnswer:
    """Say that a task is done. Again changes nothing."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return TaskAnswer.model_validate(await use_cases.finish_task(session, task_id))


@router.get("/task-owners")
async def list_task_owners(
    organisation_id: UUID, caller: Caller, cursor: PageCursor = None, limit: PageLimit = 50
) -> Page[OwnerAnswer]:
    """Who can be given a task in an association of the caller's: its active members, by name and role."""
    after = decode_cursor(cursor)
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        rows = await membership_queries.list_memberships(
            session, organisation_id, MembershipState.active, after, limit + 1
        )
    entries = [OwnerAnswer.model_validate(row) for row in rows]
    shown, following = next_cursor([entry.id for entry in entries], limit)
    return Page(items=entries[:shown], next_cursor=following)


async def _loaded(session: AsyncSession, meeting: Meeting) -> MeetingAnswer:
    present = await queries.list_attendances(session, meeting.id)
    entry = MeetingEntry.model_validate(meeting)
    return MeetingAnswer(
        **entry.model_dump(),
        agenda=meeting.agenda,
        minutes=meeting.minutes,
        decisions=meeting.decisions,
        attendances=[AttendanceEntry.model_validate(row) for row in present],
    )
