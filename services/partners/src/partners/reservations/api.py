"""Reservations over HTTP: made directly, listed for owner and lodger, given back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import PLANNERS, TEAM
from common.http import Moment, ShortText
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from partners.agreements.domain import AgreementDoesNotCover
from partners.database import api_database
from partners.reservations import domain, queries, use_cases
from partners.reservations.domain import Demand, ReservationState
from partners.resources.queries import get_resource

router = APIRouter(tags=["reservations"])
PROBLEMS: Problems = {
    domain.ReservationNotFound: NOT_FOUND,
    domain.ResourceNotFree: Problem(409, "resource-not-free", "It cannot be had at that time"),
    domain.NotLiveAnyMore: Problem(409, "reservation-has-ended", "This reservation has ended"),
    domain.HeldForASession: Problem(409, "held-for-a-session", "A session holds this with everything else it needs"),
    AgreementDoesNotCover: Problem(422, "agreement-does-not-cover", "The agreement does not cover this"),
    domain.PeriodImpossible: Problem(422, "period-impossible", "A reservation ends after it starts, in the future"),
}


class NewReservation(BaseModel):
    """What an association wants without a session; its set-up and clean-up are in the times, the resource's are not."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    resource_id: UUID
    agreement_id: UUID | None = None
    title: ShortText
    quantity: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    starts_at: Moment
    ends_at: Moment


class ReservationAnswer(BaseModel):
    """A reservation as its owner and its lodger see it; the times include the resource's own set-up and clean-up."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    resource_id: UUID
    reserved_by_organisation_id: UUID
    session_id: UUID | None
    agreement_id: UUID | None
    title: str
    quantity: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    price_minor: int
    currency: str
    state: ReservationState
    reason: str | None


@router.post("/reservations", status_code=201, response_model=ReservationAnswer)
async def post_reservation(body: NewReservation, caller: Caller, key: IdempotencyKey) -> Response:
    """Reserve a resource of one's own or of the pool; for the lodger's coordinators and directors."""
    caller.require(body.organisation_id, PLANNERS)

    async def create() -> ReservationAnswer:
        resource = await get_resource(session, body.resource_id)
        demand = Demand(
            body.organisation_id,
            body.resource_id,
            resource.organisation_id,
            body.quantity,
            body.starts_at,
            body.ends_at,
        )
        return ReservationAnswer.model_validate(await use_cases.reserve(session, demand, body.title, body.agreement_id))

    async with api_database.transaction(caller.context(PLANNERS)) as session:
        return await once(session, key, caller.key, create)


@router.get("/reservations")
async def get_reservations(
    *,
    caller: Caller,
    organisation_id: UUID | None = None,
    resource_id: UUID | None = None,
    reserved_by_organisation_id: UUID | None = None,
    session_id: UUID | None = None,
    agreement_id: UUID | None = None,
    state: ReservationState | None = None,
    ends_after: Annotated[Moment | None, Query()] = None,
    starts_before: Annotated[Moment | None, Query()] = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Page[ReservationAnswer]:
    """Reservations of the caller's resources, and those made for the caller's associations; for their teams."""
    wanted = queries.ReservationFilter(
        organisation_id=organisation_id,
        resource_id=resource_id,
        reserved_by_organisation_id=reserved_by_organisation_id,
        session_id=session_id,
        agreement_id=agreement_id,
        state=state,
        ends_after=ends_after,
        starts_before=starts_before,
    )
    async with api_database.transaction(caller.context(TEAM)) as session:
        rows = await queries.list_reservations(session, wanted, decode_cursor(cursor), limit + 1)
    shown, following = next_cursor([row.id for row in rows], limit)
    return Page(items=[ReservationAnswer.model_validate(row) for row in rows[:shown]], next_cursor=following)


@router.get("/reservations/{reservation_id}")
async def get_reservation(reservation_id: UUID, caller: Caller) -> ReservationAnswer:
    """One reservation; for the teams of its owner and of its lodger."""
    async with api_database.transaction(caller.context(TEAM)) as session:
        return ReservationAnswer.model_validate(await queries.get_reservation(session, reservation_id))


@router.post("/reservations/{reservation_id}/release")
async def post_release(reservation_id: UUID, caller: Caller) -> ReservationAnswer:
    """Give back what was reserved directly; for the lodger's coordinators and directors. Again changes nothing."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        reservation = await queries.get_reservation(session, reservation_id)
        caller.require(reservation.reserved_by_organisation_id, PLANNERS)
        return ReservationAnswer.model_validate(await use_cases.give_back(session, reservation_id))
