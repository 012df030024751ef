"""What the owner of a resource decides about what is reserved, over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import PLANNERS
from common.http import Moment, ShortText
from common.idempotency import IdempotencyKey, once
from common.problems import Problem, Problems
from partners.database import api_database
from partners.holds import domain, use_cases
from partners.reservations.domain import ReservationState
from partners.reservations.queries import get_reservation
from partners.resources.queries import get_resource

router = APIRouter(tags=["reservations"])
PROBLEMS: Problems = {
    domain.NotWaitingForApproval: Problem(409, "not-waiting-for-approval", "Nobody waits for this answer any more"),
    domain.NoticeTooShort: Problem(409, "notice-too-short", "It is too late to take this reservation back"),
}


class Reason(BaseModel):
    """Why; the association that reserved will read it."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class DecidedReservation(BaseModel):
    """What has become of the reservation."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    state: ReservationState


class SuddenClosure(Reason):
    """From when to when something cannot be used at all, whoever has it."""

    starts_at: Moment
    ends_at: Moment


class SuddenClosureAnswer(SuddenClosure):
    """The closure, and how many reservations were taken back for it."""

    id: UUID
    resource_id: UUID
    reservations_taken_back: int


@router.post("/reservations/{reservation_id}/approval")
async def post_approval(reservation_id: UUID, caller: Caller) -> DecidedReservation:
    """Say yes to a reservation that waits for it; for the owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        reservation = await get_reservation(session, reservation_id)
        caller.require(reservation.organisation_id, PLANNERS)
        return DecidedReservation.model_validate(await use_cases.approve(session, reservation_id))


@router.post("/reservations/{reservation_id}/refusal")
async def post_refusal(reservation_id: UUID, body: Reason, caller: Caller) -> DecidedReservation:
    """Say no to a reservation that waits for an answer; for the owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        reservation = await get_reservation(session, reservation_id)
        caller.require(reservation.organisation_id, PLANNERS)
        return DecidedReservation.model_validate(await use_cases.decline(session, reservation_id, body.reason))


@router.post("/reservations/{reservation_id}/withdrawal")
async def post_withdrawal(reservation_id: UUID, body: Reason, caller: Caller) -> DecidedReservation:
    """Take back what is reserved, within the notice of the resource's rules; for the same people."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        reservation = await get_reservation(session, reservation_id)
        caller.require(reservation.organisation_id, PLANNERS)
        return DecidedReservation.model_validate(await use_cases.withdraw(session, reservation_id, body.reason))


@router.post("/resources/{resource_id}/sudden-closures", status_code=201, response_model=SuddenClosureAnswer)
async def post_sudden_closure(resource_id: UUID, body: SuddenClosure, caller: Caller, key: IdempotencyKey) -> Response:
    """A room floods: close it although it is reserved; for the owner's coordinators and directors.

    Whoever has it loses it, without notice, and its session is told what is free instead.
    """

    async def create() -> SuddenClosureAnswer:
        caller.require((await get_resource(session, resource_id)).organisation_id, PLANNERS)
        closure, taken = await use_cases.close_suddenly(session, resource_id, **dict(body))
        plain = {name: getattr(closure, name) for name in ("id", "resource_id", "starts_at", "ends_at", "reason")}
        return SuddenClosureAnswer(**plain, reservations_taken_back=len(taken))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)
