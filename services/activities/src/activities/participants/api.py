"""Households, participants and contacts over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.database import api_database
from activities.participants import queries, use_cases
from activities.participants.domain import (
    BornInTheFuture,
    ContactWithoutEmail,
    InvalidLinkCode,
    UnknownContact,
    UnknownHousehold,
    UnknownParticipant,
)
from activities.participants.tables import Contact
from common.http import ShortText
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems

router = APIRouter(tags=["participants"])
PROBLEMS: Problems = {
    UnknownHousehold: NOT_FOUND,
    UnknownParticipant: NOT_FOUND,
    UnknownContact: NOT_FOUND,
    BornInTheFuture: Problem(422, "born-in-the-future", "The date of birth lies in the future"),
    ContactWithoutEmail: Problem(409, "contact-without-email", "This contact has no e-mail address"),
    InvalidLinkCode: Problem(422, "invalid-link-code", "This code does not work"),
}
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Language = Literal["fr", "nl", "de", "en"]


class HouseholdRequest(BaseModel):
    """A household to record."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    name: ShortText


class HouseholdAnswer(BaseModel):
    """A household."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    name: str


class ParticipantRequest(BaseModel):
    """Somebody who takes part; without a household for residents and others who book through their association."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    household_id: UUID | None = None
    given_name: ShortText
    family_name: ShortText
    born_on: Annotated[date, Field(ge=date(1900, 1, 1))] | None = None


class ParticipantAnswer(BaseModel):
    """A participant."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    household_id: UUID | None
    given_name: str
    family_name: str
    born_on: date | None


class ContactRequest(BaseModel):
    """Who is told about a household's bookings; without an e-mail address by post or telephone."""

    model_config = ConfigDict(extra="forbid")

    display_name: ShortText
    email: Email | None = None
    language: Language


class ContactAnswer(BaseModel):
    """A contact; `linked` tells whether an account answers for the household."""

    id: UUID
    household_id: UUID
    display_name: str
    email: str | None
    language: Language
    linked: bool


class LinkRequest(BaseModel):
    """The one-time code that a contact received."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=10, max_length=100, pattern=r"^[\x21-\x7e]+$")]


@router.post("/households", status_code=201, response_model=HouseholdAnswer)
async def post_household(body: HouseholdRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record a household of the caller's association."""
    caller.require(body.organisation_id, FIELD_STAFF)

    async def create() -> HouseholdAnswer:
        household = await use_cases.register_household(session, body.organisation_id, body.name)
        return HouseholdAnswer.model_validate(household)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/households")
async def get_households(caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None) -> Page[HouseholdAnswer]:
    """The households of the caller's associations, or the caller's own."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await queries.list_households(session, decode_cursor(cursor), limit)
    shown, cursor_of_rest = next_cursor([household.id for household in found], limit)
    answers = [HouseholdAnswer.model_validate(household) for household in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.post("/participants", status_code=201, response_model=ParticipantAnswer)
async def post_participant(body: ParticipantRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record a participant of the caller's association."""
    caller.require(body.organisation_id, FIELD_STAFF)

    async def create() -> ParticipantAnswer:
        participant = await use_cases.register_participant(session, **body.model_dump())
        return ParticipantAnswer.model_validate(participant)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/participants")
async def get_participants(
    caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None, household_id: UUID | None = None
) -> Page[ParticipantAnswer]:
    """The participants of the caller's associations, those booked with them, or the caller's own household."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await queries.list_participants(session, decode_cursor(cursor), limit, household_id)
    shown, cursor_of_rest = next_cursor([participant.id for participant in found], limit)
    answers = [ParticipantAnswer.model_validate(participant) for participant in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/participants/{participant_id}")
async def get_participant(participant_id: UUID, caller: Caller) -> ParticipantAnswer:
    """One participant."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return ParticipantAnswer.model_validate(await queries.get_participant(session, participant_id))


@router.post("/households/{household_id}/contacts", status_code=201, response_model=ContactAnswer)
async def post_contact(household_id: UUID, body: ContactRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record a contact of a household."""

    async def create() -> ContactAnswer:
        household = await queries.get_household(session, household_id)
        caller.require(household.organisation_id, FIELD_STAFF)
        contact = await use_cases.register_contact(session, household_id, **body.model_dump())
        return _contact_answer(contact)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/households/{household_id}/contacts")
async def get_contacts(household_id: UUID, caller: Caller) -> list[ContactAnswer]:
    """The contacts of a household."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await queries.get_household(session, household_id)
        return [_contact_answer(contact) for contact in await queries.list_contacts(session, household_id)]


@router.post("/contacts/{contact_id}/link-code", status_code=202)
async def post_link_code(contact_id: UUID, caller: Caller) -> ContactAnswer:
    """Send the contact a one-time code to link an account."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        contact = await queries.lock_contact(session, contact_id)
        caller.require(contact.organisation_id, FIELD_STAFF)
        return _contact_answer(await use_cases.send_link_code(session, contact_id))


@router.post("/contacts/link", status_code=200)
async def post_link(body: LinkRequest, caller: Caller) -> ContactAnswer:
    """Link the caller's account to the contact whom the code was sent to."""
    async with api_database.transaction(caller.context()) as session:
        return _contact_answer(await use_cases.link_account(session, caller.account, body.code))


def _contact_answer(contact: Contact) -> ContactAnswer:
    return ContactAnswer(
        id=contact.id,
        household_id=contact.household_id,
        display_name=contact.display_name,
        email=contact.email,
        language=contact.language,
        linked=contact.account_subject is not None,
    )
