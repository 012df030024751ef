"""What is asked about papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.qualifications.domain import Paper, QualificationKind, QualificationNotFound
from staffing.qualifications.tables import Qualification


async def get_qualification(session: AsyncSession, qualification_id: UUID) -> Qualification:
    """One paper. Raises QualificationNotFound."""
    found = await session.get(Qualification, qualification_id)
    if found is None:
        raise QualificationNotFound
    return found


async def lock_qualification(session: AsyncSession, qualification_id: UUID) -> Qualification:
    """One paper, locked. Raises QualificationNotFound."""
    statement = select(Qualification).where(Qualification.id == qualification_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise QualificationNotFound
    return found


async def list_qualifications(
    session: AsyncSession,
    *,
    person_id: UUID | None,
    expires_before: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Qualification]:
    """One row more than the limit, in the order of ids."""
    statement = select(Qualification).order_by(Qualification.id).limit(limit + 1)
    if person_id is not None:
        statement = statement.where(Qualification.person_id == person_id)
    if expires_before is not None:
        statement = statement.where(Qualification.expires_on < expires_before)
    if after is not None:
        statement = statement.where(Qualification.id > after)
    return (await session.scalars(statement)).all()


async def list_papers(session: AsyncSession, person_ids: Collection[UUID]) -> Mapping[UUID, list[Paper]]:
    """The papers of each person; who has none is left out."""
    found: dict[UUID, list[Paper]] = defaultdict(list)
    for row in await session.scalars(select(Qualification).where(Qualification.person_id.in_(person_ids))):
        found[row.person_id].append(Paper(QualificationKind(row.kind), row.issued_on, row.expires_on, row.is_verified))
    return found
