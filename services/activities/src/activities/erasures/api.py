"""Erasing a person over HTTP: asked for by staff or by the person, and followed by the code of its receipt."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator

from access.callers import Caller
from access.roles import PLANNERS
from activities.database import api_database
from activities.erasures import use_cases
from activities.erasures.domain import ErasureState, NothingToErase, StillBooked, Subject, UnknownErasure
from activities.erasures.use_cases import Receipt
from common.database import ACTOR_SETTING, REQUEST_SETTING, Context
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from common.tracing import current_trace_id

router = APIRouter(tags=["erasures"])
PROBLEMS: Problems = {
    UnknownErasure: NOT_FOUND,
    NothingToErase: Problem(422, "nothing-to-erase", "The association keeps nothing under this id"),
    StillBooked: Problem(409, "still-booked", "There are bookings to come"),
}
READER = "reader of a receipt"
Code = Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


class ErasureRequest(BaseModel):
    """Whom an association shall erase: somebody by id, or, without one, the one who asks."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    subject: Subject
    subject_id: UUID | None = None

    @model_validator(mode="after")
    def names_whom(self) -> ErasureRequest:
        """An id belongs to every subject but one's own account."""
        if (self.subject_id is None) is not (self.subject is Subject.own_account):
            raise ValueError("subject_id is needed for every subject but own_account, which has none")
        return self


class ErasedAnswer(BaseModel):
    """How many records of a kind are erased."""

    record: str
    count: int


class KeptAnswer(BaseModel):
    """How many records of a kind are kept, by which duty, and until which day included, if that is known."""

    record: str
    count: int
    reason: str
    until: date | None


class ServiceAnswer(BaseModel):
    """What one service answered to one step."""

    model_config = ConfigDict(from_attributes=True)

    service: str
    step: str
    answered_at: datetime
    erased: list[ErasedAnswer]
    kept: list[KeptAnswer]


class ReceiptAnswer(BaseModel):
    """The receipt; it is whole once the state is complete. `code` opens it without an account."""

    id: UUID
    organisation_id: UUID
    subject: Subject
    state: ErasureState
    asked_at: datetime
    completed_at: datetime | None
    code: str
    answers: list[ServiceAnswer]


@router.post("/erasures", status_code=201, response_model=ReceiptAnswer)
async def post_erasure(body: ErasureRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Ask an association to erase somebody: its planners for its people, everybody for what it keeps of themselves."""

    async def create() -> ReceiptAnswer:
        if body.subject_id is None:
            return _shown(await use_cases.ask_for_own_erasure(session, caller, body.organisation_id))
        asked = (body.organisation_id, body.subject, body.subject_id)
        return _shown(await use_cases.ask_for_erasure(session, caller, *asked))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/erasures")
async def get_erasures(
    caller: Caller, organisation_id: Annotated[UUID, Query()], limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[ReceiptAnswer]:
    """The erasures of an association, for its planners: an empty list for everybody else."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        found = await use_cases.list_receipts(session, organisation_id, decode_cursor(cursor), limit)
    shown, cursor_of_rest = next_cursor([receipt.erasure.id for receipt in found], limit)
    return Page(items=[_shown(receipt) for receipt in found[:shown]], next_cursor=cursor_of_rest)


@router.get("/erasures/{code}")
async def get_receipt(code: Code) -> ReceiptAnswer:
    """The receipt under a code: it names nobody, and whoever is erased has no account here any more."""
    async with api_database.transaction(_reader()) as session:
        return _shown(await use_cases.show_receipt(session, code))


def _reader() -> Context:
    return {ACTOR_SETTING: READER, REQUEST_SETTING: current_trace_id() or ""}


def _shown(receipt: Receipt) -> ReceiptAnswer:
    erasure = receipt.erasure
    return ReceiptAnswer(
        id=erasure.id,
        organisation_id=erasure.organisation_id,
        subject=Subject(erasure.subject),
        state=ErasureState(erasure.state),
        asked_at=erasure.asked_at,
        completed_at=erasure.completed_at,
        code=erasure.code,
        answers=[ServiceAnswer.model_validate(answer) for answer in receipt.answers],
    )
