"""What staff do with households and their people, and how a parent's account is linked to them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account, Principal
from access.roles import FIELD_STAFF
from access.row_policies import act_for
from activities.participants import queries
from activities.participants.domain import (
    NAME_OF_ERASED,
    PAPER_CODE_LENGTH,
    PAPER_LETTERS,
    ContactWithoutEmail,
    HouseholdElsewhere,
    InvalidLinkCode,
    check_born,
    code_expires_at,
    digest_of,
    entered_code,
    paper_code,
)
from activities.participants.tables import Contact, Household, Participant
from common.clock import now
from common.http import check_version
from common.outbox import publish, publish_tombstone
from contracts.activities import AccountPersonsChanged, AnsweredPerson, ContactChanged

FORGET_CALENDAR_ADDRESS = text("delete from calendar_addresses where contact_id = :contact_id")
"""Another account has no part in the address that the last one made."""


async def register_household(session: AsyncSession, organisation_id: UUID, name: str) -> Household:
    """Record a household of an association."""
    household = Household(organisation_id=organisation_id, name=name)
    session.add(household)
    await session.flush()
    return household


async def rename_household(session: AsyncSession, household_id: UUID, name: str, expected_version: int) -> Household:
    """Change the name of a household."""
    household = await queries.lock_household(session, household_id)
    check_version(expected_version, household.version)
    household.name = name
    household.version += 1
    await session.flush()
    return household


async def register_participant(
    session: AsyncSession,
    organisation_id: UUID,
    household_id: UUID | None,
    given_name: str,
    family_name: str,
    born_on: date | None,
) -> Participant:
    """Record somebody who takes part; the contacts of the household answer for them from now on."""
    check_born(born_on, now().date())
    await _lock_household(session, household_id, organisation_id)
    participant = Participant(
        organisation_id=organisation_id,
        household_id=household_id,
        given_name=given_name,
        family_name=family_name,
        born_on=born_on,
    )
    session.add(participant)
    await session.flush()
    await _announce_members(session, household_id)
    return participant


async def change_participant(
    session: AsyncSession, participant_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Participant:
    """Change some fields of a participant; who moves is answered for by the new household only, from now on.

    Bookings made before stay with the household that pays for them.
    """
    participant = await queries.lock_participant(session, participant_id)
    check_version(expected_version, participant.version)
    check_born(changes.get("born_on"), now().date())
    # In one order, so that two people who swap households do not wait for each other.
    concerned = sorted({participant.household_id, changes.get("household_id")}, key=str)
    for household_id in concerned:
        await _lock_household(session, household_id, participant.organisation_id)
    for field, value in changes.items():
        setattr(participant, field, value)
    participant.version += 1
    await session.flush()
    for household_id in concerned:
        await _announce_members(session, household_id)
    return participant


async def _lock_household(session: AsyncSession, household_id: UUID | None, organisation_id: UUID) -> None:
    """Nobody joins or leaves the household, and no contact is added to it, until this transaction ends."""
    if household_id is None:
        return
    if (await queries.lock_household(session, household_id)).organisation_id != organisation_id:
        raise HouseholdElsewhere("This household is at home with another association.")


async def _announce_members(session: AsyncSession, household_id: UUID | None) -> None:
    """Tell who answers for the household's members now."""
    if household_id is None:
        return
    for contact in await queries.lock_contacts_of_household(session, household_id):
        contact.version += 1
        await announce_contact(session, contact)


async def register_contact(
    session: AsyncSession,
    household_id: UUID,
    display_name: str,
    email: str | None,
    language: str,
    *,
    phone: str | None = None,
    prefers_phone: bool = False,
) -> Contact:
    """Record who is told about a household's bookings."""
    household = await queries.lock_household(session, household_id)
    contact = Contact(
        organisation_id=household.organisation_id,
        household_id=household_id,
        display_name=display_name,
        email=email,
        phone=phone,
        prefers_phone=prefers_phone,
        language=language,
    )
    session.add(contact)
    await session.flush()
    await announce_contact(session, contact)
    return contact


async def change_contact(
    session: AsyncSession, contact_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Contact:
    """Change how a contact is told things; a code sent to an earlier address stops working."""
    contact = await queries.lock_contact(session, contact_id)
    check_version(expected_version, contact.version)
    if "email" in changes and changes["email"] != contact.email:
        contact.link_code_digest = contact.link_code_expires_at = None
    for field, value in changes.items():
        setattr(contact, field, value)
    contact.version += 1
    await announce_contact(session, contact)
    return contact


def for_contact(session: AsyncSession, caller: Principal, contact: Contact) -> AbstractAsyncContextManager[None]:
    """Write a contact's row for the staff of its association, or for the contact's own account.

    A contact without one is also written by who answers for the household. Raises ProblemError (403) for others.
    """
    is_own = (contact.account_issuer, contact.account_subject) == (caller.account.issuer, caller.account.subject)
    if is_own or (contact.account_subject is None and contact.household_id in caller.persons):
        return act_for(session, contact.organisation_id, because="a contact says how to reach them")
    caller.require(contact.organisation_id, FIELD_STAFF)
    return nullcontext()


def for_household(
    session: AsyncSession, caller: Principal, organisation_id: UUID, household_id: UUID | None
) -> AbstractAsyncContextManager[None]:
    """Write rows of a household's members for the staff of its association, or for who answers for the household.

    Raises ProblemError (403) for everybody else.
    """
    if household_id in caller.persons and not caller.may(organisation_id, FIELD_STAFF):
        return act_for(session, organisation_id, because="a household says who belongs to it")
    caller.require(organisation_id, FIELD_STAFF)
    return nullcontext()


async def send_link_code(session: AsyncSession, contact_id: UUID) -> Contact:
    """Send the contact a one-time code that links an account; an earlier code stops working."""
    contact = await queries.lock_contact(session, contact_id)
    if contact.email is None:
        raise ContactWithoutEmail("This contact has no e-mail address.")
    code = secrets.token_urlsafe(18)
    _keep_code(contact, code)
    await announce_contact(session, contact, link_code=code)
    return contact


async def write_link_code(session: AsyncSession, contact_id: UUID) -> tuple[Contact, str]:
    """A one-time code that links an account, to hand over on paper; an earlier code stops working."""
    contact = await queries.lock_contact(session, contact_id)
    code = paper_code("".join(secrets.choice(PAPER_LETTERS) for _ in range(PAPER_CODE_LENGTH)))
    _keep_code(contact, code)
    await announce_contact(session, contact)
    return contact, code


def _keep_code(contact: Contact, code: str) -> None:
    contact.link_code_digest, contact.link_code_expires_at = digest_of(code), code_expires_at(now())
    contact.version += 1


async def link_account(session: AsyncSession, account: Account, code: str) -> Contact:
    """Link the account to the contact who got the code: it answers for the household from now on."""
    digest = digest_of(entered_code(code))
    found = await queries.find_contact_of_code(session, digest)
    if found is None:
        raise InvalidLinkCode("This code does not work. Ask your association for a new one.")
    contact_id, organisation_id = found
    async with act_for(session, organisation_id, because="a one-time code that the contact got"):
        contact = await queries.lock_contact(session, contact_id)
        if contact.link_code_digest != digest:
            raise InvalidLinkCode("This code does not work. Ask your association for a new one.")
        await session.execute(FORGET_CALENDAR_ADDRESS, {"contact_id": contact_id})
        contact.account_issuer, contact.account_subject = account.issuer, account.subject
        contact.link_code_digest = contact.link_code_expires_at = None
        contact.version += 1
        await announce_contact(session, contact)
    return contact


async def unlink_account(session: AsyncSession, contact_id: UUID) -> Contact:
    """Take the household away from the contact's account, and any code that was sent; the contact stays."""
    contact = await queries.lock_contact(session, contact_id)
    await session.execute(FORGET_CALENDAR_ADDRESS, {"contact_id": contact_id})
    issuer, subject = contact.account_issuer, contact.account_subject
    contact.account_issuer = contact.account_subject = None
    contact.link_code_digest = contact.link_code_expires_at = None
    contact.version += 1
    await announce_contact(session, contact)
    if issuer is not None and subject is not None:
        await publish(session, _answering(contact, issuer, subject, ()))
    return contact


async def forget_contact_of_guest(session: AsyncSession, household_id: UUID, contact_id: UUID) -> None:
    """Delete the household and the contact of a guest who booked nothing; every receiver forgets them too."""
    contact = await queries.lock_contact(session, contact_id)
    household = await queries.lock_household(session, household_id)
    await session.delete(contact)
    await session.flush()
    await session.delete(household)
    await session.flush()
    await publish_tombstone(session, ContactChanged, contact_id, contact.organisation_id)


async def erase_participants(session: AsyncSession, participant_ids: Collection[UUID]) -> int:
    """Leave nothing of these people but that somebody took part; returns how many there were.

    Contacts who answer for them no longer do.
    """
    households = set()
    participants = await queries.lock_participants(session, participant_ids)
    for participant in participants:
        households.add(participant.household_id)
        participant.given_name = participant.family_name = NAME_OF_ERASED
        participant.born_on = participant.household_id = None
        participant.version += 1
    await session.flush()
    for household_id in sorted(households, key=str):
        await _announce_members(session, household_id)
    return len(participants)


async def erase_contacts(session: AsyncSession, contact_ids: Collection[UUID]) -> int:
    """Delete these contacts; every receiver forgets them, and their accounts answer for nobody. Returns how many."""
    contacts = await queries.lock_contacts(session, contact_ids)
    for contact in contacts:
        await session.delete(contact)
        await session.flush()
        for state in (ContactChanged, AccountPersonsChanged):
            await publish_tombstone(session, state, contact.id, contact.organisation_id)
    return len(contacts)


async def erase_households(session: AsyncSession, household_ids: Collection[UUID]) -> int:
    """Take the names of these households, which stay as payers of what was booked; returns how many there were."""
    households = await queries.lock_households(session, household_ids)
    for household in households:
        household.name = NAME_OF_ERASED
        household.version += 1
    await session.flush()
    return len(households)


async def announce_contact(session: AsyncSession, contact: Contact, link_code: str | None = None) -> None:
    """Publish the contact's state, and the persons of its account once there is one. The contact is locked or new."""
    await session.flush()
    members = await queries.list_members_of_household(session, contact.household_id)
    told = ContactChanged(
        organisation_id=contact.organisation_id,
        contact_id=contact.id,
        version=contact.version,
        household_id=contact.household_id,
        display_name=contact.display_name,
        email=contact.email,
        language=contact.language,
        persons=tuple(AnsweredPerson(participant_id=item.id, given_name=item.given_name) for item in members),
        account_issuer=contact.account_issuer,
        account_subject=contact.account_subject,
        link_code=link_code,
        prefers_phone=contact.prefers_phone,
    )
    await publish(session, told)
    if contact.account_issuer is not None and contact.account_subject is not None:
        person_ids = (contact.household_id, *(item.id for item in members))
        await publish(session, _answering(contact, contact.account_issuer, contact.account_subject, person_ids))


def _answering(contact: Contact, issuer: str, subject: str, person_ids: tuple[UUID, ...]) -> AccountPersonsChanged:
    return AccountPersonsChanged(
        organisation_id=contact.organisation_id,
        contact_id=contact.id,
        version=contact.version,
        account_issuer=issuer,
        account_subject=subject,
        person_ids=person_ids,
    )


async def announce_every_contact(session: AsyncSession) -> int:
    """Publish the state of all contacts of the transaction's organisations again; returns how many."""
    contacts = await queries.list_every_contact(session)
    for contact in contacts:
        await announce_contact(session, contact)
    return len(contacts)
