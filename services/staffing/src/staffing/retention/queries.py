"""Who is kept although the work has ended before a day, and which applications nobody decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

# Who was paid or got an allowance is in records that the law has kept; hours that are on record after the end count.
PAID = """(p.kind <> 'volunteer'
            or exists (select from worked_hours h where h.person_id = p.id and h.allowance_minor > 0))"""
LEFT = """
    select p.id from people p
     where p.organisation_id = :organisation_id and p.erased_at is null and p.ended_on < cast(:since as date)
       and not exists (select from worked_hours h where h.person_id = p.id and h.worked_on >= cast(:since as date))
       and {condition} order by p.id limit :rows_max"""
WORKERS = text(LEFT.format(condition=PAID))
VOLUNTEERS = text(LEFT.format(condition=f"not {PAID}"))
UNDECIDED = text(
    """select id from applications
        where organisation_id = :organisation_id and state in ('received', 'interview')
          and received_at < cast(:since as date) and (interview_at is null or interview_at < cast(:since as date))
        order by id limit :rows_max"""
)


async def list_workers_past(session: AsyncSession, organisation_id: UUID, since: date, rows_max: int) -> Sequence[UUID]:
    """People who worked for pay, or got an allowance, and left before a day."""
    return await _ids(session, WORKERS, organisation_id, since, rows_max)


async def list_volunteers_past(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    """Volunteers who never got anything and left before a day."""
    return await _ids(session, VOLUNTEERS, organisation_id, since, rows_max)


async def list_undecided_applications_past(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    """Applications that came before a day and were never decided; the others are forgotten by their own due rows."""
    return await _ids(session, UNDECIDED, organisation_id, since, rows_max)


async def _ids(
    session: AsyncSession, question: TextClause, organisation_id: UUID, since: date, rows_max: int
) -> Sequence[UUID]:
    values = {"organisation_id": organisation_id, "since": since, "rows_max": rows_max}
    found: Sequence[UUID] = (await session.scalars(question, values)).all()
    return found
