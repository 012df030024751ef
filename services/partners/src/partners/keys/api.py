"""Keys over HTTP: for the team of the association whose they are; its planners hand them over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS, TEAM
from common.http import Day, ShortText
from common.idempotency import IdempotencyKey, once
from common.problems import NOT_FOUND, Problem, Problems
from partners.database import api_database
from partners.keys import domain, queries, use_cases
from partners.keys.domain import NewHandover
from partners.resources.queries import get_resource

router = APIRouter(tags=["keys"])
PROBLEMS: Problems = {
    domain.KeyNotFound: NOT_FOUND,
    domain.LabelTaken: Problem(409, "key-label-taken", "Another key has this label"),
    domain.KeyWithdrawn: Problem(409, "key-withdrawn", "This key is out of use"),
    domain.KeyIsOut: Problem(409, "key-is-out", "Somebody has this key"),
    domain.KeyIsHere: Problem(409, "key-is-here", "Nobody has this key"),
    domain.UnfitDays: Problem(422, "unfit-days", "The days contradict each other"),
}
Note = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class NewKey(BaseModel):
    """A key by the label that is on it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    label: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    note: Note = ""


class HandoverBody(BaseModel):
    """Who gets the key; `membership_id` where he is a member, so that it is known whose erasure it concerns."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    holder_name: ShortText
    membership_id: UUID | None = None
    handed_over_on: Day
    due_on: Day | None = None


class HandoverAnswer(HandoverBody):
    """Who had a key from when until when; without `returned_on` he has it still."""

    id: UUID
    key_id: UUID
    returned_on: Day | None


class KeyAnswer(NewKey):
    """A key and who has it now."""

    id: UUID
    organisation_id: UUID
    resource_id: UUID
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    held_by: HandoverAnswer | None = None


class ReturnBody(BaseModel):
    """The day on which a key came back."""

    model_config = ConfigDict(extra="forbid")

    returned_on: Day


class WithdrawalBody(BaseModel):
    """Why a key is out of use: lost, broken, changed."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


@router.post("/resources/{resource_id}/keys", status_code=201, response_model=KeyAnswer)
async def post_key(resource_id: UUID, body: NewKey, caller: Caller, key: IdempotencyKey) -> Response:
    """Enter a key of a resource; for its owner's coordinators and directors."""

    async def create() -> KeyAnswer:
        resource = await get_resource(session, resource_id)
        caller.require(resource.organisation_id, PLANNERS)
        return KeyAnswer.model_validate(await use_cases.enter_key(session, resource_id, body.label, body.note))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/resources/{resource_id}/keys")
async def get_keys(resource_id: UUID, caller: Caller) -> list[KeyAnswer]:
    """The keys of a resource and who has them, those out of use last; for its owner's team."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        resource = await get_resource(session, resource_id)
        caller.require(resource.organisation_id, TEAM)
        rows = await queries.list_keys(session, resource_id)
        held = await queries.list_open_handovers(session, [row.id for row in rows])
        answers = [KeyAnswer.model_validate(row) for row in rows]
        for answer in answers:
            answer.held_by = HandoverAnswer.model_validate(held[answer.id]) if answer.id in held else None
    return answers


@router.post("/keys/{key_id}/handovers", status_code=201, response_model=HandoverAnswer)
async def post_handover(key_id: UUID, body: HandoverBody, caller: Caller, key: IdempotencyKey) -> Response:
    """Hand a key over; for its owner's coordinators and directors."""

    async def create() -> HandoverAnswer:
        return HandoverAnswer.model_validate(await use_cases.hand_over(session, key_id, NewHandover(**dict(body))))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/keys/{key_id}/handovers")
async def get_handovers(key_id: UUID, caller: Caller) -> list[HandoverAnswer]:
    """Who had a key, the last first; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await queries.get_key(session, key_id)
        return [HandoverAnswer.model_validate(row) for row in await queries.list_handovers(session, key_id)]


@router.post("/keys/{key_id}/return")
async def post_return(key_id: UUID, body: ReturnBody, caller: Caller) -> HandoverAnswer:
    """Take a key back; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return HandoverAnswer.model_validate(await use_cases.take_back(session, key_id, body.returned_on))


@router.post("/keys/{key_id}/withdrawal")
async def post_withdrawal(key_id: UUID, body: WithdrawalBody, caller: Caller) -> KeyAnswer:
    """Take a key out of use, whoever has it; for its owner's coordinators and directors. Again changes nothing."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return KeyAnswer.model_validate(await use_cases.withdraw_key(session, key_id, body.reason))
