"""Papers are recorded, seen, renewed and taken off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.http import check_version
from staffing.people.domain import check_dates
from staffing.people.queries import lock_person
from staffing.qualifications import queries
from staffing.qualifications.tables import Qualification


async def record_qualification(
    session: AsyncSession, person_id: UUID, values: Mapping[str, Any], *, is_verified: bool
) -> Qualification:
    """Record a paper; who shows his own waits until a planner has seen it. Raises DatesAreReversed."""
    check_dates(values["issued_on"], values.get("expires_on"))
    person = await lock_person(session, person_id)
    found = Qualification(
        organisation_id=person.organisation_id, person_id=person_id, is_verified=is_verified, **values
    )
    session.add(found)
    await session.flush()
    return found


async def change_qualification(
    session: AsyncSession, qualification_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Qualification:
    """Renew a paper, or say that it was seen. Raises QualificationNotFound, DatesAreReversed."""
    found = await queries.lock_qualification(session, qualification_id)
    check_version(expected_version, found.version)
    for field, value in changes.items():
        setattr(found, field, value)
    check_dates(found.issued_on, found.expires_on)
    found.version += 1
    await session.flush()
    return found


async def remove_qualification(session: AsyncSession, qualification_id: UUID, expected_version: int) -> None:
    """Take a paper off. Raises QualificationNotFound."""
    found = await queries.lock_qualification(session, qualification_id)
    check_version(expected_version, found.version)
    await session.delete(found)
    await session.flush()
