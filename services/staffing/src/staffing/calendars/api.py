"""Calendar addresses: made and withdrawn by the person, read without a token by who has the secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.principals import Principal
from access.roles import PLANNERS
from common.clock import now
from common.database import ACTOR_SETTING, REQUEST_SETTING, Context
from common.problems import NOT_FOUND, Problem, Problems
from common.secret_addresses import digest_of
from common.tracing import current_trace_id
from staffing.calendars import queries, use_cases
from staffing.calendars.domain import SHOWN_BEFORE, CalendarIsHisOwn, CalendarNotFound
from staffing.database import api_database
from staffing.people.queries import get_person
from staffing.people.use_cases import for_person, is_own

if TYPE_CHECKING:
    from staffing.people.tables import Person

router = APIRouter(tags=["calendars"])
PROBLEMS: Problems = {
    CalendarNotFound: NOT_FOUND,
    CalendarIsHisOwn: Problem(403, "calendar-is-his-own", "Only the person himself has an address for his calendar"),
}
CALENDAR = "calendar"


class AddressAnswer(BaseModel):
    """Since when the person has an address."""

    model_config = ConfigDict(from_attributes=True)

    person_id: UUID
    made_at: AwareDatetime


class NewAddressAnswer(AddressAnswer):
    """A new address; its secret is told this once and kept nowhere."""

    secret: str


class CalendarShift(BaseModel):
    """When and where somebody is expected, and for what."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    session_id: UUID | None
    version: int
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str


class CalendarAnswer(BaseModel):
    """A person's own shifts, the earliest first; `language` is the person's."""

    model_config = ConfigDict(from_attributes=True)

    language: str
    shifts: list[CalendarShift]


@router.get("/people/{person_id}/calendar-address")
async def get_address(person_id: UUID, caller: Caller) -> AddressAnswer:
    """Whether the caller has an address for his calendar."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        await _own(session, caller, person_id)
        address = await queries.find_address(session, person_id)
    if address is None:
        raise CalendarNotFound
    return AddressAnswer.model_validate(address)


@router.post("/people/{person_id}/calendar-address")
async def make_address(person_id: UUID, caller: Caller, response: Response) -> NewAddressAnswer:
    """Make an address for the caller's calendar; an earlier one stops working."""
    response.headers["Cache-Control"] = "no-store"
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await _own(session, caller, person_id)
        async with for_person(session, caller, person, "a person makes an address for his calendar"):
            address, secret = await use_cases.make_address(session, person_id)
    return NewAddressAnswer(person_id=person_id, made_at=address.made_at, secret=secret)


@router.delete("/people/{person_id}/calendar-address", status_code=204)
async def withdraw_address(person_id: UUID, caller: Caller) -> None:
    """Let the address of the caller's calendar show nothing any more."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        person = await _own(session, caller, person_id)
        async with for_person(session, caller, person, "a person withdraws the address of his calendar"):
            await use_cases.withdraw_address(session, person_id)


@router.get("/calendars/{secret}")
async def read_calendar(secret: Annotated[str, Path(max_length=200)], response: Response) -> CalendarAnswer:
    """The shifts of whoever made this address; for calendar programs, which cannot sign in."""
    response.headers["Cache-Control"] = "no-store"
    async with api_database.transaction(_nobody()) as session:
        calendar = await queries.get_calendar(session, digest_of(secret), now() - SHOWN_BEFORE)
    return CalendarAnswer.model_validate(calendar)


async def _own(session: AsyncSession, caller: Principal, person_id: UUID) -> Person:
    """The caller's own record. Raises PersonNotFound, CalendarIsHisOwn."""
    person = await get_person(session, person_id)
    if not is_own(caller, person):
        raise CalendarIsHisOwn("Not even who makes the rota has the address of somebody's calendar.")
    return person


def _nobody() -> Context:
    """The context of somebody of whom nothing is known."""
    return {ACTOR_SETTING: CALENDAR, REQUEST_SETTING: current_trace_id() or ""}
