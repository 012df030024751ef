"""Training for the people of an association: planned, enrolled for, attended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS
from common.http import IfMatch, Moment, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from staffing.database import api_database
from staffing.people.queries import get_person
from staffing.people.use_cases import for_person
from staffing.qualifications.domain import QualificationKind
from staffing.training import queries, use_cases
from staffing.training.domain import (
    NotEnrolled,
    OtherAssociation,
    TraineeState,
    TrainingIsFull,
    TrainingIsNotOver,
    TrainingIsNotPlanned,
    TrainingNotFound,
    TrainingState,
)

router = APIRouter(tags=["training"])
PROBLEMS: Problems = {
    TrainingNotFound: NOT_FOUND,
    TrainingIsFull: Problem(409, "training-is-full", "Every place of this training is taken"),
    TrainingIsNotPlanned: Problem(409, "training-is-not-planned", "This training was held or called off"),
    TrainingIsNotOver: Problem(409, "training-is-not-over", "This training is not over yet"),
    NotEnrolled: Problem(409, "not-enrolled", "Somebody of these did not enrol"),
    OtherAssociation: Problem(409, "other-association", "Only people of this association take part"),
}

Places = Annotated[int, Field(strict=True, ge=1, le=500)]
Months = Annotated[int, Field(strict=True, ge=1, le=240)]


class TrainingRequest(BaseModel):
    """A course, the paper that it gives, and for how many months that holds; for ever without."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    title: ShortText
    kind: QualificationKind
    issuer: ShortText
    starts_at: Moment
    ends_at: Moment
    places: Places
    valid_months: Months | None = None


class TraineeAnswer(BaseModel):
    """Somebody who takes part, and the paper that came of it."""

    model_config = ConfigDict(from_attributes=True)

    training_id: UUID
    person_id: UUID
    state: TraineeState
    qualification_id: UUID | None


class TrainingAnswer(BaseModel):
    """A training, with those who take part as far as the caller may see them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    state: TrainingState
    title: str
    kind: QualificationKind
    issuer: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str
    places: int
    valid_months: int | None
    trainees: list[TraineeAnswer] = []


class AttendanceRequest(BaseModel):
    """Who was there; the others who enrolled were not."""

    model_config = ConfigDict(extra="forbid")

    person_ids: list[UUID] = Field(max_length=500)


@router.post("/trainings", status_code=201, response_model=TrainingAnswer)
async def plan_training(body: TrainingRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Plan a training for the people of an association."""
    caller.require(body.organisation_id, PLANNERS)
    async with api_database.transaction(caller.context(PLANNERS)) as session:

        async def plan() -> TrainingAnswer:
            values = body.model_dump(exclude={"organisation_id"})
            return TrainingAnswer.model_validate(await use_cases.plan_training(session, body.organisation_id, values))

        return await once(session, key, caller.key, plan)


@router.get("/trainings")
async def list_trainings(
    caller: Caller,
    organisation_id: UUID | None = None,
    state: TrainingState | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[TrainingAnswer]:
    """The trainings of the associations that the caller plans for or works for."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        rows = await queries.list_trainings(
            session, organisation_id=organisation_id, state=state, after=decode_cursor(cursor), limit=limit
        )
        shown, following = next_cursor([row.id for row in rows], limit)
        trainees = await queries.list_trainees(session, [row.id for row in rows[:shown]])
    return Page(items=[_shown(row, trainees) for row in rows[:shown]], next_cursor=following)


@router.get("/trainings/{training_id}")
async def get_training(training_id: UUID, caller: Caller, response: Response) -> TrainingAnswer:
    """One training."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await queries.get_training(session, training_id)
        answer = _shown(found, await queries.list_trainees(session, [training_id]))
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.post("/trainings/{training_id}/cancellation")
async def cancel_training(training_id: UUID, caller: Caller, if_match: IfMatch = None) -> TrainingAnswer:
    """Call a training off."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_training(session, training_id)).organisation_id, PLANNERS)
        return TrainingAnswer.model_validate(await use_cases.cancel_training(session, training_id, version))


@router.put("/trainings/{training_id}/trainees/{person_id}")
async def enrol(training_id: UUID, person_id: UUID, caller: Caller) -> TraineeAnswer:
    """Take part; for planners and for the person himself."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await queries.get_training(session, training_id)
        person = await get_person(session, person_id)
        async with for_person(session, caller, person, "a person enrols for a training"):
            return TraineeAnswer.model_validate(await use_cases.enrol(session, training_id, person_id))


@router.delete("/trainings/{training_id}/trainees/{person_id}")
async def withdraw(training_id: UUID, person_id: UUID, caller: Caller) -> TraineeAnswer:
    """Give the place back; for planners and for the person himself."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await queries.get_training(session, training_id)
        person = await get_person(session, person_id)
        async with for_person(session, caller, person, "a person withdraws from a training"):
            return TraineeAnswer.model_validate(await use_cases.withdraw(session, training_id, person_id))


@router.put("/trainings/{training_id}/attendance")
async def record_attendance(
    training_id: UUID, body: AttendanceRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> TrainingAnswer:
    """Say who was there: each of them has a paper that holds again."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        caller.require((await queries.get_training(session, training_id)).organisation_id, PLANNERS)
        held = await use_cases.record_attendance(session, training_id, set(body.person_ids), version)
        answer = _shown(held, await queries.list_trainees(session, [training_id]))
    response.headers["ETag"] = etag(answer.version)
    return answer


def _shown(training: Any, trainees: Iterable[Any]) -> TrainingAnswer:
    taking_part = [TraineeAnswer.model_validate(one) for one in trainees if one.training_id == training.id]
    return TrainingAnswer.model_validate(training).model_copy(update={"trainees": taking_part})
