"""Secret addresses at which calendar programs read the bookings of a household."""

from __future__ import annotations

from alembic import op

from access.row_policies import PERSONS, protect
from common.migrating import execute_all

revision = "0025"
down_revision = "0024"

# A calendar program has no token: whoever has the secret gets times, titles and given names, and no row.
DDL = (
    """create table calendar_addresses (
        contact_id uuid primary key references contacts on delete cascade, organisation_id uuid not null,
        version bigint not null, secret_digest bytea not null, made_at timestamptz not null)""",
    "create unique index calendar_addresses_secret_digest_index on calendar_addresses (secret_digest)",
    """create function contact_of_calendar(digest bytea) returns table (contact_id uuid, language text)
        language sql stable security definer set search_path = public as $$
        select contact.id, contact.language
          from calendar_addresses address join contacts contact on contact.id = address.contact_id
         where address.secret_digest = digest $$""",
    """create function bookings_of_calendar(digest bytea, from_at timestamptz, bookings_max bigint)
        returns table (id uuid, organisation_id uuid, session_id uuid, site_id uuid, version bigint, title text,
                       starts_at timestamptz, ends_at timestamptz, given_names text[])
        language sql stable security definer set search_path = public as $$
        select booking.id, session.organisation_id, session.id, session.site_id, session.version, session.title,
               session.starts_at, session.ends_at,
               array(select participant.given_name
                       from booked_places place join participants participant on participant.id = place.participant_id
                      where place.booking_id = booking.id and place.cancelled_at is null
                      order by participant.given_name)
          from calendar_addresses address
          join contacts contact on contact.id = address.contact_id
          join bookings booking on booking.payer_kind = 'household' and booking.payer_id = contact.household_id
                               and booking.state = 'confirmed'
          join sessions session on session.id = booking.session_id and session.state <> 'cancelled'
                               and session.ends_at > from_at
         where address.secret_digest = digest
         order by session.starts_at, booking.id limit bookings_max $$""",
    """revoke all on function contact_of_calendar(bytea), bookings_of_calendar(bytea, timestamptz, bigint)
        from public""",
    """grant execute on function contact_of_calendar(bytea), bookings_of_calendar(bytea, timestamptz, bigint)
        to {service}_api""",
)


def upgrade() -> None:
    """Create the table; of a secret only the digest is kept."""
    execute_all(op, "activities", DDL)
    own = f"exists (select from contacts where contacts.id = contact_id and household_id = any({PERSONS}))"
    protect(op, "activities", "calendar_addresses", also_visible=own, audited_by="contact_id")
