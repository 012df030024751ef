"""Who and what is kept although its last day lies before a day, some of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import ERASED_ACTOR

# Who was recorded, booked, waited or was changed since then is near enough; an erasure that was asked for is enough.
OF_HOUSEHOLDS = """
    select h.id from households h
     where h.organisation_id = :organisation_id and h.created_at < cast(:since as date)
       and not exists (select from participants p join booked_places b on b.participant_id = p.id
                         join sessions s on s.id = b.session_id
                        where p.household_id = h.id and s.ends_at >= cast(:since as date))
       and not exists (select from bookings b join sessions s on s.id = b.session_id
                        where b.payer_id = h.id and s.ends_at >= cast(:since as date))
       and not exists (select from participants p
                        where p.household_id = h.id and p.created_at >= cast(:since as date))
       and not exists (select from erasures e where h.id = any(e.household_ids))"""
OLDEST_FIRST = " order by id limit :rows_max"
HOUSEHOLDS = text(OF_HOUSEHOLDS + OLDEST_FIRST)
GUESTS = text(
    OF_HOUSEHOLDS
    + """
       and exists (select from guest_holds g where g.household_id = h.id)
       and not exists (select from contacts c where c.household_id = h.id and c.account_subject is not null)"""
    + OLDEST_FIRST
)
PARTICIPANTS = text(
    """select p.id from participants p
        where p.organisation_id = :organisation_id and p.household_id is null and p.created_at < cast(:since as date)
          and not exists (select from booked_places b join sessions s on s.id = b.session_id
                           where b.participant_id = p.id and s.ends_at >= cast(:since as date))
          and not exists (select from erasures e where p.id = any(e.participant_ids))"""
    + OLDEST_FIRST
)
INCIDENTS = text(
    f"""select i.id from incidents i
        where i.organisation_id = :organisation_id and i.happened_at < cast(:since as date)
          and i.recorded_by <> '{ERASED_ACTOR}'"""
    + OLDEST_FIRST
)


async def list_households_past(session: AsyncSession, organisation_id: UUID, since: date, rows_max: int) -> list[UUID]:
    """Households that nobody of came since a day, and whose erasure was not asked for yet."""
    return await _ids(session, HOUSEHOLDS, organisation_id, since, rows_max)


async def list_guests_past(session: AsyncSession, organisation_id: UUID, since: date, rows_max: int) -> list[UUID]:
    """Households like that which exist only because a guest booked with an address, and never got an account."""
    return await _ids(session, GUESTS, organisation_id, since, rows_max)


async def list_participants_past(
    session: AsyncSession, organisation_id: UUID, since: date, rows_max: int
) -> list[UUID]:
    """People without a household who did not come since a day, and whose erasure was not asked for yet."""
    return await _ids(session, PARTICIPANTS, organisation_id, since, rows_max)


async def list_incidents_past(session: AsyncSession, organisation_id: UUID, since: date, rows_max: int) -> list[UUID]:
    """Incidents before a day whose texts are still kept."""
    return await _ids(session, INCIDENTS, organisation_id, since, rows_max)


async def _ids(
    session: AsyncSession, question: TextClause, organisation_id: UUID, since: date, rows_max: int
) -> list[UUID]:
    values: dict[str, Any] = {"organisation_id": organisation_id, "since": since, "rows_max": rows_max}
    found: Sequence[UUID] = (await session.scalars(question, values)).all()
    return list(found)
