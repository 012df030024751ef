"""What is asked about passports: the consent by those who keep it, the content by other associations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.passports.domain import PassportNotFound
from staffing.passports.tables import Passport

OPENED = text(
    """select person_id, organisation_id, display_name from opened_passports()
        where cast(:after as uuid) is null or person_id > :after order by person_id limit :limit"""
)
ONE = text("select person_id, organisation_id, display_name from opened_passports() where person_id = :person_id")
PAPERS = text("select kind, issuer, issued_on, expires_on from passport_papers(:person_id)")
WINDOWS = text("select weekday, from_minute, to_minute, kind, valid_from, valid_to from passport_windows(:person_id)")
HOURS = text("select year, engagement, minutes from passport_hours(:person_id)")


@dataclass(frozen=True)
class OpenedPassport:
    """What another association may know of a person."""

    person: Row[Any]
    papers: Sequence[Row[Any]]
    windows: Sequence[Row[Any]]
    hours: Sequence[Row[Any]]


async def lock_consent(session: AsyncSession, person_id: UUID) -> Passport | None:
    """The consent of a person, given or withdrawn, locked."""
    statement = select(Passport).where(Passport.person_id == person_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def find_consent(session: AsyncSession, person_id: UUID) -> Passport | None:
    """The consent of a person, given or withdrawn."""
    return await session.get(Passport, person_id)


async def list_opened(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The people of other associations whose passports are open to the caller; one row more than the limit."""
    return (await session.execute(OPENED, {"after": after, "limit": limit + 1})).all()


async def get_opened(session: AsyncSession, person_id: UUID) -> OpenedPassport:
    """An open passport of another association's person. Raises PassportNotFound."""
    asked = {"person_id": person_id}
    person = (await session.execute(ONE, asked)).one_or_none()
    if person is None:
        raise PassportNotFound
    papers, windows, hours = [(await session.execute(question, asked)).all() for question in (PAPERS, WINDOWS, HOURS)]
    return OpenedPassport(person, papers, windows, hours)
