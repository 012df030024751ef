"""What staff do with households and their people, and how a parent's account is linked to them."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account
from access.row_policies import act_for
from activities.participants import queries
from activities.participants.domain import (
    ContactWithoutEmail,
    InvalidLinkCode,
    check_born,
    code_expires_at,
    digest_of,
)
from activities.participants.tables import Contact, Household, Participant
from common.clock import now
from common.outbox import publish
from contracts.activities import AccountPersonsChanged, AnsweredPerson, ContactChanged


async def register_household(session: AsyncSession, organisation_id: UUID, name: str) -> Household:
    """Record a household of an association."""
    household = Household(organisation_id=organisation_id, name=name)
    session.add(household)
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
    if household_id is not None:
        organisation_id = (await queries.get_household(session, household_id)).organisation_id
    participant = Participant(
        organisation_id=organisation_id,
        household_id=household_id,
        given_name=given_name,
        family_name=family_name,
        born_on=born_on,
    )
    session.add(participant)
    await session.flush()
    if household_id is not None:
        for contact in await queries.lock_contacts_of_household(session, household_id):
            contact.version += 1
            await announce_contact(session, contact)
    return participant


async def register_contact(
    session: AsyncSession, household_id: UUID, display_name: str, email: str | None, language: str
) -> Contact:
    """Record who is told about a household's bookings."""
    household = await queries.get_household(session, household_id)
    contact = Contact(
        organisation_id=household.organisation_id,
        household_id=household_id,
        display_name=display_name,
        email=email,
        language=language,
    )
    session.add(contact)
    await session.flush()
    await announce_contact(session, contact)
    return contact


async def send_link_code(session: AsyncSession, contact_id: UUID) -> Contact:
    """Send the contact a one-time code that links an account; an earlier code stops working."""
    contact = await queries.lock_contact(session, contact_id)
    if contact.email is None:
        raise ContactWithoutEmail("This contact has no e-mail address.")
    code = secrets.token_urlsafe(18)
    contact.link_code_digest, contact.link_code_expires_at = digest_of(code), code_expires_at(now())
    contact.version += 1
    await announce_contact(session, contact, link_code=code)
    return contact


async def link_account(session: AsyncSession, account: Account, code: str) -> Contact:
    """Link the account to the contact whom the code was sent to: it answers for the household from now on."""
    found = await queries.find_contact_of_code(session, digest_of(code))
    if found is None:
        raise InvalidLinkCode("This code does not work. Ask your association for a new one.")
    contact_id, organisation_id = found
    async with act_for(session, organisation_id, because="a one-time code sent to the contact"):
        contact = await queries.lock_contact(session, contact_id)
        if contact.link_code_digest != digest_of(code):
            raise InvalidLinkCode("This code does not work. Ask your association for a new one.")
        contact.account_issuer, contact.account_subject = account.issuer, account.subject
        contact.link_code_digest = contact.link_code_expires_at = None
        contact.version += 1
        await announce_contact(session, contact)
    return contact


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
    )
    if contact.account_issuer is None or contact.account_subject is None:
        await publish(session, told)
        return
    linked = AccountPersonsChanged(
        organisation_id=contact.organisation_id,
        contact_id=contact.id,
        version=contact.version,
        account_issuer=contact.account_issuer,
        account_subject=contact.account_subject,
        person_ids=(contact.household_id, *(item.id for item in members)),
    )
    await publish(session, told, linked)


async def announce_every_contact(session: AsyncSession) -> int:
    """Publish the state of all contacts of the transaction's organisations again; returns how many."""
    contacts = await queries.list_every_contact(session)
    for contact in contacts:
        await announce_contact(session, contact)
    return len(contacts)
