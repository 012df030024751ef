"""What the books are asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from finance.ledger.tables import ChartAccount, Entry, EntryLine

TODAY = text(
    """select (cast(:now as timestamptz) at time zone coalesce(
              (select time_zone from known_organisations where organisation_id = :organisation_id),
              'Europe/Brussels'))::date"""
)
BALANCES = text(
    """select l.organisation_id, l.account, l.currency, c.code, c.labels, sum(l.amount_minor)::bigint as amount_minor
         from entry_lines l
         join entries e on e.id = l.entry_id
         left join known_organisations k on k.organisation_id = l.organisation_id
         left join chart_accounts c on c.jurisdiction = split_part(k.jurisdiction, '-', 1) and c.account = l.account
               and c.valid_from <= :as_of and (c.valid_to is null or c.valid_to >= :as_of)
        where e.booked_on <= :as_of
          and l.organisation_id = any((select app_organisations())::uuid[])
          and (cast(:organisation_id as uuid) is null or l.organisation_id = :organisation_id)
        group by l.organisation_id, l.account, l.currency, c.code, c.labels
        order by l.organisation_id, l.account, l.currency"""
)


async def get_today(session: AsyncSession, organisation_id: UUID | None, now: Any) -> date:
    """The date of a moment in the organisation's time zone; in that of Brussels for none, or one that is not known."""
    today: date = (await session.execute(TODAY, {"now": now, "organisation_id": organisation_id})).scalar_one()
    return today


async def find_entry(session: AsyncSession, entry_id: UUID) -> Entry | None:
    """An entry of a book that the transaction may see."""
    return await session.get(Entry, entry_id)


async def get_entry(session: AsyncSession, entry_id: UUID) -> Entry:
    """An entry of a book that the transaction may see; it must exist."""
    return await session.get_one(Entry, entry_id)


async def list_lines(session: AsyncSession, entry_ids: Sequence[UUID]) -> dict[UUID, list[EntryLine]]:
    """The lines of some entries, in the order in which they were written."""
    rows = await session.scalars(
        select(EntryLine)
        .where(EntryLine.entry_id.in_(entry_ids))
        .order_by(EntryLine.entry_id, EntryLine.line_number)
    )  # fmt: skip
    lines: dict[UUID, list[EntryLine]] = {entry_id: [] for entry_id in entry_ids}
    for line in rows:
        lines[line.entry_id].append(line)
    return lines


async def is_reversed(session: AsyncSession, entry_id: UUID) -> bool:
    """True when a reversal of the entry is booked."""
    found = select(Entry.id).where(Entry.reverses_entry_id == entry_id, Entry.kind == "reversal")
    return (await session.scalar(found)) is not None


async def list_entries(
    session: AsyncSession,
    *,
    organisation_id: UUID | None,
    account: str | None,
    booking_id: UUID | None,
    from_day: date | None,
    to_day: date | None,
    after_id: UUID | None,
    limit: int,
) -> Sequence[Entry]:
    """Entries in the order in which they were recorded, one more than `limit` when there are more."""
    question = select(Entry).order_by(Entry.id).limit(limit + 1)
    if organisation_id is not None:
        question = question.where(Entry.organisation_id == organisation_id)
    if booking_id is not None:
        question = question.where(Entry.booking_id == booking_id)
    if account is not None:
        lines = select(EntryLine.entry_id).where(EntryLine.account == account, EntryLine.entry_id == Entry.id)
        question = question.where(lines.exists())
    if from_day is not None:
        question = question.where(Entry.booked_on >= from_day)
    if to_day is not None:
        question = question.where(Entry.booked_on <= to_day)
    if after_id is not None:
        question = question.where(Entry.id > after_id)
    return (await session.scalars(question)).all()


async def list_balances(session: AsyncSession, organisation_id: UUID | None, as_of: date) -> Sequence[Row[Any]]:
    """The balance of every account at the end of a day, with its national code on that day."""
    return (await session.execute(BALANCES, {"organisation_id": organisation_id, "as_of": as_of})).all()


async def list_chart(session: AsyncSession, jurisdiction: str, day: date) -> Sequence[ChartAccount]:
    """The chart of accounts of a jurisdiction on a day."""
    chart = (
        select(ChartAccount)
        .where(ChartAccount.jurisdiction == jurisdiction, ChartAccount.valid_from <= day)
        .where((ChartAccount.valid_to.is_(None)) | (ChartAccount.valid_to >= day))
        .order_by(ChartAccount.code)
    )
    return (await session.scalars(chart)).all()
