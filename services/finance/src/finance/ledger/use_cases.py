"""Booking: entries go into the books whole, balanced, and for good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common import clock
from common.ids import new_id
from finance.ledger import queries
from finance.ledger.domain import (
    BookedInTheFuture,
    Claim,
    Entry,
    EntryIsReversed,
    EntryKind,
    Line,
    check_manual,
    check_reversible,
    entries_of_claim,
    reversed_lines,
)
from finance.ledger.tables import Entry as EntryRow

# Part of a WITH: entries and lines go in by one statement, and the triggers judge both when it ends. A later entry of a
# charge points to the first one in the same book, and booking more again is then a restoration.
POSTING = """entry as (
      insert into entries (id, organisation_id, booked_on, kind, description, booking_id, charge_id,
                           reverses_entry_id, linked_entry_id, recorded_at)
      select e.id, e.organisation_id,
             coalesce(e.booked_on, (cast(:now as timestamptz) at time zone coalesce(
               (select time_zone from known_organisations k where k.organisation_id = e.organisation_id),
               'Europe/Brussels'))::date),
             case when e.kind = 'charge' and first_id is not null then 'charge_restoration' else e.kind end,
             e.description, e.booking_id, e.charge_id,
             coalesce(e.reverses_entry_id, first_id), e.linked_entry_id, :now
        from (select n.*, (select f.id from entries f where f.charge_id = n.charge_id
                              and f.organisation_id = n.organisation_id and f.kind = 'charge') as first_id
                from jsonb_to_recordset(cast(:entries as jsonb)) as n(
                  id uuid, organisation_id uuid, booked_on date, kind text, description text, booking_id uuid,
                  charge_id uuid, reverses_entry_id uuid, linked_entry_id uuid)) e),
    entry_line as (
      insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency,
                               counterparty_id)
      select entry_id, line_number, organisation_id, account, amount_minor, currency, counterparty_id
        from jsonb_to_recordset(cast(:lines as jsonb)) as l(
             entry_id uuid, line_number bigint, organisation_id uuid, account text, amount_minor bigint,
             currency text, counterparty_id uuid))"""
POST = text(f"with {POSTING} select 1")


@dataclass(frozen=True)
class ManualEntry:
    """What a person books by hand."""

    organisation_id: UUID
    booked_on: date
    description: str
    lines: tuple[Line, ...]


def entries_of(claims: Sequence[Claim]) -> list[Entry]:
    """The entries that charges make, in every book concerned."""
    return [entry for claim in claims for entry in entries_of_claim(claim, new_id)]


async def post_entries(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Book the entries; the database refuses one that does not balance."""
    await session.execute(POST, {"now": clock.now(), **posting_values(entries)})


def posting_values(entries: Sequence[Entry]) -> dict[str, str]:
    """The parameters of POSTING beside `now`."""
    return {
        "entries": json.dumps([_entry_values(entry) for entry in entries], default=str),
        "lines": json.dumps([line for entry in entries for line in _line_values(entry)], default=str),
    }


def _entry_values(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "organisation_id": entry.organisation_id,
        "booked_on": entry.booked_on,
        "kind": entry.kind,
        "description": entry.description,
        "booking_id": entry.booking_id,
        "charge_id": entry.charge_id,
        "reverses_entry_id": entry.reverses_entry_id,
        "linked_entry_id": entry.linked_entry_id,
    }


def _line_values(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "entry_id": entry.id,
            "line_number": number,
            "organisation_id": entry.organisation_id,
            "account": line.account,
            "amount_minor": line.amount_minor,
            "currency": line.currency,
            "counterparty_id": line.counterparty_id,
        }
        for number, line in enumerate(entry.lines, start=1)
    ]


async def check_day(session: AsyncSession, organisation_id: UUID, day: date) -> None:
    """Raise BookedInTheFuture for a day that has not come in the organisation's time zone."""
    if day > await queries.get_today(session, organisation_id, clock.now()):
        raise BookedInTheFuture(f"{day} has not come yet.")


async def record_manual_entry(session: AsyncSession, manual: ManualEntry) -> EntryRow:
    """Book an entry by hand: a payment received, a correction of an opening balance."""
    check_manual(manual.lines)
    await check_day(session, manual.organisation_id, manual.booked_on)
    entry = Entry(
        id=new_id(),
        organisation_id=manual.organisation_id,
        kind=EntryKind.manual,
        description=manual.description,
        lines=manual.lines,
        booked_on=manual.booked_on,
    )
    await post_entries(session, [entry])
    return await queries.get_entry(session, entry.id)


async def reverse_manual_entry(session: AsyncSession, original: EntryRow, reason: str) -> EntryRow:
    """Reverse an entry that was booked by hand."""
    check_reversible(EntryKind(original.kind))
    return await reverse_entry(session, original, reason)


async def reverse_entry(session: AsyncSession, original: EntryRow, reason: str) -> EntryRow:
    """Book the opposite of an entry, today; at most once per entry."""
    if await queries.is_reversed(session, original.id):
        raise EntryIsReversed("The entry was reversed before.")
    lines = (await queries.list_lines(session, [original.id]))[original.id]
    entry = Entry(
        id=new_id(),
        organisation_id=original.organisation_id,
        kind=EntryKind.reversal,
        description=reason,
        lines=reversed_lines([_line(row) for row in lines]),
        reverses_entry_id=original.id,
    )
    await post_entries(session, [entry])
    return await queries.get_entry(session, entry.id)


def _line(row: Any) -> Line:
    return Line(row.account, row.amount_minor, row.currency, row.counterparty_id)
