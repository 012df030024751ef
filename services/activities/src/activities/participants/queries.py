"""Questions about households, participants and contacts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account
from activities.participants.domain import UnknownContact, UnknownHousehold, UnknownParticipant
from activities.participants.tables import Contact, Household, Participant

CONTACT_OF_CODE = text("select contact_id, organisation_id from contact_of_link_code(:digest)")


async def get_household(session: AsyncSession, household_id: UUID) -> Household:
    """The household. Raises UnknownHousehold."""
    household = await session.get(Household, household_id)
    if household is None:
        raise UnknownHousehold("There is no such household.")
    return household


async def lock_household(session: AsyncSession, household_id: UUID) -> Household:
    """The household as it is now, locked for a change. Raises UnknownHousehold."""
    statement = select(Household).where(Household.id == household_id).with_for_update(key_share=True)
    household = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if household is None:
        raise UnknownHousehold("There is no such household.")
    return household


async def list_households(
    session: AsyncSession, after: UUID | None, limit: int, organisation_id: UUID | None, name_contains: str | None
) -> Sequence[Household]:
    """Up to `limit + 1` households that the caller may see."""
    statement = select(Household).order_by(Household.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Household.id > after)
    if organisation_id is not None:
        statement = statement.where(Household.organisation_id == organisation_id)
    if name_contains is not None:
        statement = statement.where(Household.name.icontains(name_contains, autoescape=True))
    return (await session.scalars(statement)).all()


async def get_participant(session: AsyncSession, participant_id: UUID) -> Participant:
    """The participant. Raises UnknownParticipant."""
    participant = await session.get(Participant, participant_id)
    if participant is None:
        raise UnknownParticipant("There is no such participant.")
    return participant


async def lock_participant(session: AsyncSession, participant_id: UUID) -> Participant:
    """The participant as they are recorded now, locked for a change. Raises UnknownParticipant."""
    statement = select(Participant).where(Participant.id == participant_id).with_for_update(key_share=True)
    participant = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if participant is None:
        raise UnknownParticipant("There is no such participant.")
    return participant


async def list_participants(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    organisation_id: UUID | None,
    household_id: UUID | None,
    name_contains: str | None,
) -> Sequence[Participant]:
    """Up to `limit + 1` participants that the caller may see."""
    statement = select(Participant).order_by(Participant.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Participant.id > after)
    if organisation_id is not None:
        statement = statement.where(Participant.organisation_id == organisation_id)
    if household_id is not None:
        statement = statement.where(Participant.household_id == household_id)
    if name_contains is not None:
        full_name = func.concat(Participant.given_name, " ", Participant.family_name)
        statement = statement.where(full_name.icontains(name_contains, autoescape=True))
    return (await session.scalars(statement)).all()


async def list_members_of_household(session: AsyncSession, household_id: UUID) -> Sequence[Participant]:
    """Everybody of a household, oldest record first."""
    statement = select(Participant).where(Participant.household_id == household_id).order_by(Participant.id)
    return (await session.scalars(statement)).all()


async def lock_contacts_of_household(session: AsyncSession, household_id: UUID) -> Sequence[Contact]:
    """The contacts of a household, locked so that their state can be announced."""
    statement = select(Contact).where(Contact.household_id == household_id).order_by(Contact.id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def list_contacts(session: AsyncSession, household_id: UUID) -> Sequence[Contact]:
    """The contacts of a household."""
    statement = select(Contact).where(Contact.household_id == household_id).order_by(Contact.id)
    return (await session.scalars(statement)).all()


async def list_contact_ids_of_email(session: AsyncSession, email: str) -> Sequence[UUID]:
    """The contacts of the transaction's organisations with this address, however it is written."""
    statement = select(Contact.id).where(func.lower(Contact.email) == email.strip().lower())
    return (await session.scalars(statement)).all()


async def list_every_contact(session: AsyncSession) -> Sequence[Contact]:
    """All contacts of the transaction's organisations, locked."""
    return (await session.scalars(select(Contact).order_by(Contact.id).with_for_update())).all()


async def get_contact(session: AsyncSession, contact_id: UUID) -> Contact:
    """The contact. Raises UnknownContact."""
    contact = await session.get(Contact, contact_id)
    if contact is None:
        raise UnknownContact("There is no such contact.")
    return contact


async def lock_contact(session: AsyncSession, contact_id: UUID) -> Contact:
    """The contact as it is now, locked for a change. Raises UnknownContact."""
    statement = select(Contact).where(Contact.id == contact_id).with_for_update()
    contact = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if contact is None:
        raise UnknownContact("There is no such contact.")
    return contact


async def find_contact_of_code(session: AsyncSession, digest: bytes) -> tuple[UUID, UUID] | None:
    """The contact that an unused, unexpired code was sent to, and its organisation."""
    row = (await session.execute(CONTACT_OF_CODE, {"digest": digest})).one_or_none()
    return None if row is None else (row.contact_id, row.organisation_id)


async def list_contacts_of_account(session: AsyncSession, account: Account, organisation_id: UUID) -> Sequence[Contact]:
    """The contacts of an association that the account is linked to."""
    statement = select(Contact).where(
        Contact.organisation_id == organisation_id,
        Contact.account_issuer == account.issuer,
        Contact.account_subject == account.subject,
    )
    return (await session.scalars(statement.order_by(Contact.id))).all()


async def list_contact_ids_told_of(session: AsyncSession, participant_ids: Collection[UUID]) -> Sequence[UUID]:
    """The contacts whose announcements name these participants."""
    households = select(Participant.household_id).where(Participant.id.in_(participant_ids))
    return (await session.scalars(select(Contact.id).where(Contact.household_id.in_(households)))).all()


async def lock_participants(session: AsyncSession, participant_ids: Collection[UUID]) -> Sequence[Participant]:
    """These participants of the transaction's organisation, locked in the order of ids."""
    statement = select(Participant).where(Participant.id.in_(participant_ids)).order_by(Participant.id)
    return (await session.scalars(statement.with_for_update().execution_options(populate_existing=True))).all()


async def lock_contacts(session: AsyncSession, contact_ids: Collection[UUID]) -> Sequence[Contact]:
    """These contacts, locked in the order of ids."""
    statement = select(Contact).where(Contact.id.in_(contact_ids)).order_by(Contact.id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def lock_households(session: AsyncSession, household_ids: Collection[UUID]) -> Sequence[Household]:
    """These households, locked in the order of ids."""
    statement = select(Household).where(Household.id.in_(household_ids)).order_by(Household.id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()
