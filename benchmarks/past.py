"""A long past: bookings of years ago with their charges and entries, written as rows and not through the API."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from benchmarks.scene import Scene

PLACES_OF_A_SESSION = 500

TABLE = """
    create temporary table past (
        booking_id uuid, participant_id uuid, charge_id uuid, entry_id uuid, session_id uuid)"""
PAST = f"""
    insert into past
    select uuidv7(), uuidv7(), uuidv7(), uuidv7(), ($1::uuid[])[1 + n / {PLACES_OF_A_SESSION}]
      from generate_series(0, $2::int - 1) as n"""
PEOPLE = """
    insert into participants (id, organisation_id, given_name, family_name, born_on)
    select participant_id, $1, 'G', 'F', '2010-05-01' from past"""
BOOKINGS = """
    insert into bookings (id, organisation_id, session_id, state, payer_kind, payer_id, currency, created_at)
    select booking_id, $1, session_id, 'confirmed', 'organisation', $1, 'EUR', now() - interval '2 years' from past"""
PLACES = """
    insert into booked_places (booking_id, participant_id, organisation_id, session_id, home_organisation_id, age,
                               price_category, price_minor)
    select booking_id, participant_id, $1, session_id, $1, 12, 'standard', 500 from past"""
TAKEN = """
    update session_places p set taken = past.taken
      from (select session_id, count(*) as taken from past group by session_id) as past
     where p.session_id = past.session_id"""
CHARGES = """
    insert into charges (id, organisation_id, booking_id, booking_version, participant_id, home_organisation_id,
                         payer_kind, payer_id, session_id, activity_id, title, currency, price_minor, charged_minor,
                         given_back_minor, amount_minor, state, is_earned, session_on, cost_shares, recorded_at,
                         changed_at)
    select charge_id, $1, booking_id, 1, participant_id, $1, 'organisation', $1, session_id, $2, 'Past', 'EUR', 500,
           500, 0, 500, 'open', true, current_date - 730, '[]', now(), now() from past"""
ENTRIES = """
    insert into entries (id, organisation_id, booked_on, kind, description, booking_id, charge_id, recorded_at)
    select entry_id, $1, current_date - 730, 'charge', 'Past', booking_id, charge_id, now() from past"""
LINES = """
    insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency)
    select entry_id, 1, $1::uuid, 'expense_participation', 500, 'EUR' from past
    union all select entry_id, 2, $1::uuid, 'income_participation', -500, 'EUR' from past"""


async def add_past(made: Scene, count: int) -> None:
    """So many bookings of the association by itself, in its books; triggers are off, or the audit would be the test."""
    sessions = await made.add_sessions(count // PLACES_OF_A_SESSION + 1, PLACES_OF_A_SESSION)
    activities, finance = await made.connect("activities"), await made.connect("finance")
    try:
        rows = await _write_bookings(activities, made.organisation_id, sessions, count)
        await finance.execute("set session_replication_role = replica")
        await finance.execute(TABLE)
        await finance.copy_records_to_table("past", records=rows)
        await finance.execute(CHARGES, made.organisation_id, made.activity_id)
        await finance.execute(ENTRIES, made.organisation_id)
        await finance.execute(LINES, made.organisation_id)
    finally:
        await activities.close()
        await finance.close()


async def _write_bookings(
    connection: asyncpg.Connection, organisation_id: UUID, sessions: list[UUID], count: int
) -> list[tuple[UUID, ...]]:
    await connection.execute("set session_replication_role = replica")
    await connection.execute(TABLE)
    await connection.execute(PAST, sessions, count)
    for statement in (PEOPLE, BOOKINGS, PLACES):
        await connection.execute(statement, organisation_id)
    await connection.execute(TAKEN)
    rows = await connection.fetch("select booking_id, participant_id, charge_id, entry_id, session_id from past")
    return [tuple(row) for row in rows]
