"""Calendar addresses over HTTP: owners make them; whoever has the secret reads the calendar without signing in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.principals import Principal
from access.roles import PLANNERS
from common.clock import now
from common.database import organisation_context
from common.problems import NOT_FOUND, Problems
from common.secret_addresses import digest_of
from partners.calendars import domain, queries, use_cases
from partners.database import api_database
from partners.reservations.domain import ReservationState
from partners.reservations.queries import list_live_of_resource
from partners.resources.queries import get_resource

router = APIRouter(tags=["calendars"])
PROBLEMS: Problems = {domain.UnknownAddress: NOT_FOUND}
Secret = Annotated[str, Path(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
BY_THE_ADDRESS = "the secret address of a calendar"


class NewAddress(BaseModel):
    """The secret of the new address, which is not told again."""

    secret: str


class AddressAnswer(BaseModel):
    """Since when a resource has an address; null when it has none."""

    resource_id: UUID
    made_at: datetime | None


class ReservedAnswer(BaseModel):
    """What a resource is reserved for, and when."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    title: str
    state: ReservationState
    starts_at: datetime
    ends_at: datetime


class CalendarAnswer(BaseModel):
    """A resource and its reservations from a month ago to a year ahead."""

    resource_id: UUID
    name: str
    reservations: list[ReservedAnswer]


@router.put("/resources/{resource_id}/calendar-address")
async def put_address(resource_id: UUID, caller: Caller) -> NewAddress:
    """Make a secret address, in place of an earlier one; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await _require_owner(session, caller, resource_id)
        return NewAddress(secret=await use_cases.make_address(session, resource_id))


@router.get("/resources/{resource_id}/calendar-address")
async def get_address(resource_id: UUID, caller: Caller) -> AddressAnswer:
    """Whether a resource has an address; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await _require_owner(session, caller, resource_id)
        calendar = await queries.find_calendar(session, resource_id)
        return AddressAnswer(resource_id=resource_id, made_at=calendar.made_at if calendar else None)


@router.delete("/resources/{resource_id}/calendar-address", status_code=204)
async def delete_address(resource_id: UUID, caller: Caller) -> None:
    """Let the address lead nowhere; for its owner's coordinators and directors."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await _require_owner(session, caller, resource_id)
        await use_cases.withdraw_address(session, resource_id)


@router.get("/resource-calendars/{secret}")
async def get_calendar(secret: Secret) -> CalendarAnswer:
    """Who has the secret of an address reads what the resource is reserved for, without signing in."""
    async with api_database.transaction() as session:
        address = await queries.get_address(session, digest_of(secret))
    async with api_database.transaction(organisation_context(address.organisation_id, BY_THE_ADDRESS)) as session:
        resource = await get_resource(session, address.resource_id)
        moment = now()
        period = moment - domain.SHOWN_BEFORE, moment + domain.SHOWN_AFTER
        rows = await list_live_of_resource(session, address.resource_id, *period)
        reserved = [ReservedAnswer.model_validate(row) for row in rows]
    return CalendarAnswer(resource_id=address.resource_id, name=resource.name, reservations=reserved)


async def _require_owner(session: Any, caller: Principal, resource_id: UUID) -> None:
    resource = await get_resource(session, resource_id)
    caller.require(resource.organisation_id, PLANNERS)
