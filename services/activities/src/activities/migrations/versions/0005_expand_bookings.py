"""Bookings, the places in them, and why each decision was taken."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, PERSONS, protect
from common.migrating import execute_all

revision = "0005"
down_revision = "0004"

TABLES = (
    """create table bookings (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1, session_id uuid not null,
        state text not null, booked_by_organisation_id uuid, contact_id uuid, payer_kind text not null,
        payer_id uuid not null, currency text not null, waiting_since timestamptz, offer_expires_at timestamptz,
        created_at timestamptz not null default now(),
        constraint bookings_pkey primary key (id),
        constraint bookings_session_id_fkey foreign key (session_id) references sessions (id),
        constraint bookings_payer_kind_check check (payer_kind in ('household', 'organisation')),
        constraint bookings_state_check check (state in ('confirmed', 'waiting', 'offered', 'cancelled')))""",
    "create index bookings_organisation_id_id_index on bookings (organisation_id, id)",
    "create index bookings_payer_id_index on bookings (payer_id)",
    "create index bookings_session_id_id_index on bookings (session_id, id)",
    "create index bookings_waiting_index on bookings (session_id, waiting_since) where state = 'waiting'",
    """create table booked_places (
        booking_id uuid not null, participant_id uuid not null, organisation_id uuid not null,
        session_id uuid not null, home_organisation_id uuid not null, age bigint, price_category text not null,
        price_minor bigint not null, cancelled_at timestamptz,
        constraint booked_places_pkey primary key (booking_id, participant_id),
        constraint booked_places_booking_id_fkey foreign key (booking_id) references bookings (id))""",
    """create unique index booked_places_live_key on booked_places (session_id, participant_id)
        where cancelled_at is null""",
    "create index booked_places_participant_id_index on booked_places (participant_id)",
    """create table booking_decisions (
        id uuid not null default uuidv7(), organisation_id uuid not null, booking_id uuid not null,
        decided_at timestamptz not null default now(), decision text not null, explanation jsonb not null,
        constraint booking_decisions_pkey primary key (id))""",
    "create index booking_decisions_booking_id_id_index on booking_decisions (booking_id, id)",
)
PAID_BY_US = (
    f"booked_by_organisation_id = any({ORGANISATIONS}) or payer_id = any({ORGANISATIONS}) or payer_id = any({PERSONS})"
)
WITH_A_VISIBLE_PLACE = "exists (select from booked_places where booked_places.booking_id = bookings.id)"
OWN_PLACE = f"home_organisation_id = any({ORGANISATIONS}) or participant_id = any({PERSONS})"
OF_A_VISIBLE_BOOKING = "exists (select from bookings where bookings.id = booking_id)"
ORGANISERS = f"""alter policy participants_select on participants using (
    organisation_id = any({ORGANISATIONS}) or id = any({PERSONS}) or household_id = any({PERSONS})
    or exists (select from booked_places
                where booked_places.participant_id = participants.id and booked_places.cancelled_at is null
                  and booked_places.organisation_id = any({ORGANISATIONS})))"""


def upgrade() -> None:
    """Create the tables; a booking is seen by the organiser, by who pays, and by who has a person on it.

    Of the places in it each sees the own ones, the organiser all. An organiser sees a participant while they are
    booked.
    """
    execute_all(op, "activities", TABLES)
    protect(op, "activities", "booked_places", also_visible=OWN_PLACE, audited_by="booking_id")
    protect(op, "activities", "bookings", also_visible=f"{PAID_BY_US} or {WITH_A_VISIBLE_PLACE}")
    protect(
        op,
        "activities",
        "booking_decisions",
        also_visible=OF_A_VISIBLE_BOOKING,
        append_only=True,
        audited_by=None,
    )
    op.execute(ORGANISERS)
