"""The names of the rooms that are held for a session, for everybody who may see the session."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0026"
down_revision = "0025"

# Who reads a calendar has no token and sees no row: the function tells of the rooms too. Its columns cannot grow.
DDL = (
    """create table session_rooms (
        session_id uuid not null, organisation_id uuid not null, names text[] not null,
        constraint session_rooms_pkey primary key (session_id),
        constraint session_rooms_session_id_fkey foreign key (session_id) references sessions (id))""",
    "drop function bookings_of_calendar(bytea, timestamptz, bigint)",
    """create function bookings_of_calendar(digest bytea, from_at timestamptz, bookings_max bigint)
        returns table (id uuid, organisation_id uuid, session_id uuid, site_id uuid, version bigint, title text,
                       starts_at timestamptz, ends_at timestamptz, given_names text[], rooms text[])
        language sql stable security definer set search_path = public as $$
        select booking.id, session.organisation_id, session.id, session.site_id, session.version, session.title,
               session.starts_at, session.ends_at,
               array(select participant.given_name
                       from booked_places place join participants participant on participant.id = place.participant_id
                      where place.booking_id = booking.id and place.cancelled_at is null
                      order by participant.given_name),
               coalesce((select held.names from session_rooms held where held.session_id = session.id), '{}')
          from calendar_addresses address
          join contacts contact on contact.id = address.contact_id
          join bookings booking on booking.payer_kind = 'household' and booking.payer_id = contact.household_id
                               and booking.state = 'confirmed'
          join sessions session on session.id = booking.session_id and session.state <> 'cancelled'
                               and session.ends_at > from_at
         where address.secret_digest = digest
         order by session.starts_at, booking.id limit bookings_max $$""",
    "revoke all on function bookings_of_calendar(bytea, timestamptz, bigint) from public",
    "grant execute on function bookings_of_calendar(bytea, timestamptz, bigint) to {service}_api",
)
OF_A_VISIBLE_SESSION = "exists (select from sessions where sessions.id = session_id)"


def upgrade() -> None:
    """Create the table, and let the calendar of a family name the rooms."""
    execute_all(op, "activities", DDL)
    protect(op, "activities", "session_rooms", also_visible=OF_A_VISIBLE_SESSION, audited_by="session_id")
