"""Households, participants and contacts over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from access.callers import Caller
from access.roles import FIELD_STAFF
from activities.database import api_database
from activities.participants import queries, use_cases
from activities.participants.domain import (
    BornInTheFuture,
    ContactWithoutEmail,
    HouseholdElsewhere,
    InvalidLinkCode,
    UnknownContact,
    UnknownHousehold,
    UnknownParticipant,
)
from common.http import IfMatch, ShortText, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems

router = APIRouter(tags=["participants"])
PROBLEMS: Problems = {
    UnknownHousehold: NOT_FOUND,
    UnknownParticipant: NOT_FOUND,
    UnknownContact: NOT_FOUND,
    HouseholdElsewhere: Problem(422, "household-elsewhere", "The household is at home with another association"),
    BornInTheFuture: Problem(422, "born-in-the-future", "The date of birth lies in the future"),
    ContactWithoutEmail: Problem(409, "contact-without-email", "This contact has no e-mail address"),
    InvalidLinkCode: Problem(422, "invalid-link-code", "This code does not work"),
}
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Phone = Annotated[str, Field(min_length=3, max_length=40, pattern=r"^[0-9+()/. -]+$")]
Language = Literal["fr", "nl", "de", "en"]
BirthDay = Annotated[date, Field(ge=date(1900, 1, 1))]
Name = Annotated[ShortText | None, Query()]


class HouseholdRequest(BaseModel):
    """A household to record."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    name: ShortText


class HouseholdChange(BaseModel):
    """The household's name."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText


class HouseholdAnswer(BaseModel):
    """A household."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    version: int
    name: str


class ParticipantRequest(BaseModel):
    """Somebody who takes part; without a household for residents and others who book through their association."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    household_id: UUID | None = None
    given_name: ShortText
    family_name: ShortText
    born_on: BirthDay | None = None


class ParticipantChange(BaseModel):
    """What shall be different; fields that are not sent stay, a household of null means without one."""

    model_config = ConfigDict(extra="forbid")

    household_id: UUID | None = None
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    born_on: BirthDay | None = None


class ParticipantAnswer(BaseModel):
    """A participant."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    household_id: UUID | None
    version: int
    given_name: str
    family_name: str
    born_on: date | None


class ContactRequest(BaseModel):
    """Who is told about a household's bookings; without an e-mail address by post or telephone."""

    model_config = ConfigDict(extra="forbid")

    display_name: ShortText
    email: Email | None = None
    phone: Phone | None = None
    prefers_phone: bool = False
    language: Language


class ContactChange(BaseModel):
    """What shall be different; fields that are not sent stay, an e-mail address or number of null is forgotten."""

    model_config = ConfigDict(extra="forbid")

    display_name: ShortText | None = None
    email: Email | None = None
    phone: Phone | None = None
    prefers_phone: bool | None = None
    language: Language | None = None


class ContactAnswer(BaseModel):
    """A contact; `linked` tells whether an account answers for the household."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    household_id: UUID
    version: int
    display_name: str
    email: str | None
    phone: str | None
    prefers_phone: bool
    language: Language
    linked: Annotated[
        bool, Field(validation_alias="account_subject"), BeforeValidator(lambda subject: subject is not None)
    ]


class PaperCodeAnswer(BaseModel):
    """A one-time code to hand over; it is told once and not kept."""

    code: str
    expires_at: datetime


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
async def get_households(
    caller: Caller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    organisation_id: UUID | None = None,
    name_contains: Name = None,
    mine: bool = False,
) -> Page[HouseholdAnswer]:
    """The households of the caller's associations, and the caller's own; with `mine` these alone."""
    async with api_database.transaction(caller.context(() if mine else FIELD_STAFF)) as session:
        found = await queries.list_households(session, decode_cursor(cursor), limit, organisation_id, name_contains)
    shown, cursor_of_rest = next_cursor([household.id for household in found], limit)
    answers = [HouseholdAnswer.model_validate(household) for household in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/households/{household_id}")
async def get_household(household_id: UUID, caller: Caller, response: Response) -> HouseholdAnswer:
    """One household."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        household = await queries.get_household(session, household_id)
    response.headers["ETag"] = etag(household.version)
    return HouseholdAnswer.model_validate(household)


@router.patch("/households/{household_id}")
async def patch_household(
    household_id: UUID, body: HouseholdChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> HouseholdAnswer:
    """Rename a household; for the field staff of its association."""
    version = expected_version(if_match)
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await queries.get_household(session, household_id)).organisation_id, FIELD_STAFF)
        household = await use_cases.rename_household(session, household_id, body.name, version)
    response.headers["ETag"] = etag(household.version)
    return HouseholdAnswer.model_validate(household)


@router.post("/participants", status_code=201, response_model=ParticipantAnswer)
async def post_participant(body: ParticipantRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record a participant of the caller's association, or one more member of the caller's own household."""

    async def create() -> ParticipantAnswer:
        async with use_cases.for_household(session, caller, body.organisation_id, body.household_id):
            participant = await use_cases.register_participant(session, **body.model_dump())
        return ParticipantAnswer.model_validate(participant)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/participants")
async def get_participants(
    caller: Caller,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
    organisation_id: UUID | None = None,
    household_id: UUID | None = None,
    name_contains: Name = None,
) -> Page[ParticipantAnswer]:
    """The participants of the caller's associations, those booked with them, or the caller's own household."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await queries.list_participants(
            session, decode_cursor(cursor), limit, organisation_id, household_id, name_contains
        )
    shown, cursor_of_rest = next_cursor([participant.id for participant in found], limit)
    answers = [ParticipantAnswer.model_validate(participant) for participant in found[:shown]]
    return Page(items=answers, next_cursor=cursor_of_rest)


@router.get("/participants/{participant_id}")
async def get_participant(participant_id: UUID, caller: Caller, response: Response) -> ParticipantAnswer:
    """One participant."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        participant = await queries.get_participant(session, participant_id)
    response.headers["ETag"] = etag(participant.version)
    return ParticipantAnswer.model_validate(participant)


@router.patch("/participants/{participant_id}")
async def patch_participant(
    participant_id: UUID, body: ParticipantChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> ParticipantAnswer:
    """Correct a participant, by the home association's field staff or who answers for them; staff also move them."""
    version = expected_version(if_match)
    changes = _changes(body, nullable={"household_id", "born_on"})
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        found = await queries.get_participant(session, participant_id)
        household_id = None if "household_id" in changes else found.household_id
        async with use_cases.for_household(session, caller, found.organisation_id, household_id):
            participant = await use_cases.change_participant(session, participant_id, changes, version)
    response.headers["ETag"] = etag(participant.version)
    return ParticipantAnswer.model_validate(participant)


@router.post("/households/{household_id}/contacts", status_code=201, response_model=ContactAnswer)
async def post_contact(household_id: UUID, body: ContactRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record a contact of a household."""

    async def create() -> ContactAnswer:
        caller.require((await queries.get_household(session, household_id)).organisation_id, FIELD_STAFF)
        contact = await use_cases.register_contact(session, household_id, **body.model_dump())
        return ContactAnswer.model_validate(contact)

    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        return await once(session, key, caller.key, create)


@router.get("/households/{household_id}/contacts")
async def get_contacts(household_id: UUID, caller: Caller) -> list[ContactAnswer]:
    """The contacts of a household."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        await queries.get_household(session, household_id)
        contacts = await queries.list_contacts(session, household_id)
    return [ContactAnswer.model_validate(contact) for contact in contacts]


@router.get("/contacts/{contact_id}")
async def get_contact(contact_id: UUID, caller: Caller, response: Response) -> ContactAnswer:
    """One contact."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        contact = await queries.get_contact(session, contact_id)
    response.headers["ETag"] = etag(contact.version)
    return ContactAnswer.model_validate(contact)


@router.patch("/contacts/{contact_id}")
async def patch_contact(
    contact_id: UUID, body: ContactChange, caller: Caller, response: Response, if_match: IfMatch = None
) -> ContactAnswer:
    """Change how a contact is told things; for the association's field staff, the contact, and, while the contact has
    no account, who answers for the household.
    """
    version = expected_version(if_match)
    changes = _changes(body, nullable={"email", "phone"})
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        contact = await queries.get_contact(session, contact_id)
        async with use_cases.for_contact(session, caller, contact):
            contact = await use_cases.change_contact(session, contact_id, changes, version)
    response.headers["ETag"] = etag(contact.version)
    return ContactAnswer.model_validate(contact)


@router.post("/contacts/{contact_id}/link-code", status_code=202)
async def post_link_code(contact_id: UUID, caller: Caller) -> ContactAnswer:
    """Send the contact a one-time code to link an account; an earlier code stops working."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await queries.get_contact(session, contact_id)).organisation_id, FIELD_STAFF)
        contact = await use_cases.send_link_code(session, contact_id)
    return ContactAnswer.model_validate(contact)


@router.post("/contacts/{contact_id}/paper-code")
async def post_paper_code(contact_id: UUID, caller: Caller) -> PaperCodeAnswer:
    """A one-time code for a contact who stands at the desk; for the field staff. An earlier code stops working."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await queries.get_contact(session, contact_id)).organisation_id, FIELD_STAFF)
        contact, code = await use_cases.write_link_code(session, contact_id)
    return PaperCodeAnswer.model_validate({"code": code, "expires_at": contact.link_code_expires_at})


@router.post("/contacts/link", status_code=200)
async def post_link(body: LinkRequest, caller: Caller) -> ContactAnswer:
    """Link the caller's account to the contact whom the code was sent to."""
    async with api_database.transaction(caller.context()) as session:
        contact = await use_cases.link_account(session, caller.account, body.code)
    return ContactAnswer.model_validate(contact)


@router.delete("/contacts/{contact_id}/account")
async def delete_account(contact_id: UUID, caller: Caller) -> ContactAnswer:
    """Take the household away from the contact's account; for the field staff of the association."""
    async with api_database.transaction(caller.context(FIELD_STAFF)) as session:
        caller.require((await queries.get_contact(session, contact_id)).organisation_id, FIELD_STAFF)
        contact = await use_cases.unlink_account(session, contact_id)
    return ContactAnswer.model_validate(contact)


def _changes(body: BaseModel, nullable: set[str]) -> dict[str, Any]:
    """The fields that were sent; null only where a field may be empty."""
    sent = body.model_dump(exclude_unset=True)
    return {field: value for field, value in sent.items() if value is not None or field in nullable}
