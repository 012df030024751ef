"""Questions about consents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from activities.consents.domain import Purpose
from activities.consents.tables import Consent, ConsentWording


async def list_wordings_in_force(session: AsyncSession, day: date) -> Sequence[ConsentWording]:
    """What is asked on a day, one wording for each purpose."""
    newest = (
        select(ConsentWording.purpose, func.max(ConsentWording.version).label("version"))
        .where(ConsentWording.valid_from <= day)
        .group_by(ConsentWording.purpose)
        .subquery()
    )
    same = and_(ConsentWording.purpose == newest.c.purpose, ConsentWording.version == newest.c.version)
    statement = select(ConsentWording).join(newest, same).order_by(ConsentWording.purpose)
    return (await session.scalars(statement)).all()


async def find_version_in_force(session: AsyncSession, purpose: Purpose, day: date) -> int | None:
    """The version of the wording that holds on a day, if anything is asked then."""
    statement = select(func.max(ConsentWording.version)).where(
        ConsentWording.purpose == purpose, ConsentWording.valid_from <= day
    )
    return await session.scalar(statement)


async def list_consents(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    subject: ColumnElement[bool],
    *,
    only_standing: bool,
) -> Sequence[Consent]:
    """Up to `limit + 1` answers about a subject that the caller may see, the oldest first; or the newest of each."""
    statement = select(Consent).where(subject).order_by(Consent.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Consent.id > after)
    if only_standing:
        newer = aliased(Consent)
        same = or_(newer.household_id == Consent.household_id, newer.participant_id == Consent.participant_id)
        later = exists().where(same, newer.purpose == Consent.purpose, newer.id > Consent.id)
        statement = statement.where(~later)
    return (await session.scalars(statement)).all()


def about_household(household_id: UUID, member_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Answers about a household and its members."""
    return or_(Consent.household_id == household_id, Consent.participant_id.in_(member_ids))


def about_participant(participant_id: UUID) -> ColumnElement[bool]:
    """Answers about a participant."""
    return Consent.participant_id == participant_id
