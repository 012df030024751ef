"""Calendar addresses: made and withdrawn by who answers for a household, read without a token by who has the secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.principals import Principal
from access.roles import FIELD_STAFF
from access.row_policies import act_for
from activities.calendars import queries, use_cases
from activities.calendars.domain import SHOWN_BEFORE, CalendarNotFound, CalendarOfOwnHousehold
from activities.database import api_database
from activities.participants.queries import get_household, list_contacts_of_account
from common.clock import now
from common.database import ACTOR_SETTING, REQUEST_SETTING, Context
from common.problems import NOT_FOUND, Problem, Problems
from common.secret_addresses import digest_of
from common.tracing import current_trace_id

if TYPE_CHECKING:
    from activities.participants.tables import Contact

router = APIRouter(tags=["calendars"])
PROBLEMS: Problems = {
    CalendarNotFound: NOT_FOUND,
    CalendarOfOwnHousehold: Problem(
        403, "calendar-of-own-household", "Only who answers for the household has an address for its calendar"
    ),
}
CALENDAR = "calendar"


class AddressAnswer(BaseModel):
    """Since when the caller has an address for the bookings of this household."""

    household_id: UUID
    made_at: AwareDatetime


class NewAddressAnswer(AddressAnswer):
    """A new address; its secret is told this once and kept nowhere."""

    secret: str


class CalendarBooking(BaseModel):
    """A session with places of the household: when, where, and whose; `version` is the session's."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    session_id: UUID
    site_id: UUID
    version: int
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    given_names: list[str]
    rooms: list[str]


class CalendarAnswer(BaseModel):
    """The confirmed bookings of a household, the earliest first; `language` is the contact's."""

    model_config = ConfigDict(from_attributes=True)

    language: str
    bookings: list[CalendarBooking]


@router.get("/households/{household_id}/calendar-address")
async def get_address(household_id: UUID, caller: Caller) -> AddressAnswer:
    """Whether the caller has an address for this household."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        contact = await _own_contact(session, caller, household_id)
        address = await queries.find_address(session, contact.id)
    if address is None:
        raise CalendarNotFound
    return AddressAnswer(household_id=household_id, made_at=address.made_at)


@router.post("/households/{household_id}/calendar-address")
async def make_address(household_id: UUID, caller: Caller, response: Response) -> NewAddressAnswer:
    """Make an address for the bookings of the caller's household; his earlier one stops working."""
    response.headers["Cache-Control"] = "no-store"
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        contact = await _own_contact(session, caller, household_id)
        async with act_for(session, contact.organisation_id, because="a household makes an address for its calendar"):
            address, secret = await use_cases.make_address(session, contact.id)
    return NewAddressAnswer(household_id=household_id, made_at=address.made_at, secret=secret)


@router.delete("/households/{household_id}/calendar-address", status_code=204)
async def withdraw_address(household_id: UUID, caller: Caller) -> None:
    """Let the caller's address show nothing any more."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        contact = await _own_contact(session, caller, household_id)
        async with act_for(session, contact.organisation_id, because="a household withdraws an address"):
            await use_cases.withdraw_address(session, contact.id)


@router.get("/calendars/{secret}")
async def read_calendar(secret: Annotated[str, Path(max_length=200)], response: Response) -> CalendarAnswer:
    """The bookings of the household at this address; for calendar programs, which cannot sign in."""
    response.headers["Cache-Control"] = "no-store"
    async with api_database.transaction(_nobody()) as session:
        calendar = await queries.get_calendar(session, digest_of(secret), now() - SHOWN_BEFORE)
    return CalendarAnswer.model_validate(calendar)


async def _own_contact(session: AsyncSession, caller: Principal, household_id: UUID) -> Contact:
    """The contact of the household that the caller's account is linked to.

    Raises HouseholdNotFound, CalendarOfOwnHousehold.
    """
    household = await get_household(session, household_id)
    contacts = await list_contacts_of_account(session, caller.account, household.organisation_id)
    own = next((contact for contact in contacts if contact.household_id == household_id), None)
    if own is None:
        raise CalendarOfOwnHousehold("Not even the team of the association has the address of a family's calendar.")
    return own


def _nobody() -> Context:
    """The context of somebody of whom nothing is known."""
    return {ACTOR_SETTING: CALENDAR, REQUEST_SETTING: current_trace_id() or ""}
