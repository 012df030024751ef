"""Places held for guests until the link in their e-mail is followed."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0011"
down_revision = "0010"

TABLE = (
    """create table guest_holds (
        id uuid not null, organisation_id uuid not null, session_id uuid not null, household_id uuid, contact_id uuid,
        people jsonb not null, places_count bigint not null, currency text not null, state text not null,
        code_digest bytea not null, expires_at timestamptz not null, created_at timestamptz not null default now(),
        constraint guest_holds_pkey primary key (id),
        constraint guest_holds_session_id_fkey foreign key (session_id) references sessions (id),
        constraint guest_holds_places_count_check check (places_count > 0),
        constraint guest_holds_state_check check (state in ('held', 'confirmed', 'given_back')))""",
    "create index guest_holds_session_id_index on guest_holds (session_id)",
    "create unique index guest_holds_code_digest_index on guest_holds (code_digest)",
    # Whoever has the code may not see the hold yet: the function tells only whose code it is.
    """create function hold_of_guest_code(digest bytea)
        returns table (hold_id uuid, organisation_id uuid, session_id uuid)
        language sql stable security definer set search_path = public as $$
        select id, guest_holds.organisation_id, guest_holds.session_id from guest_holds
         where code_digest = digest $$""",
    "revoke all on function hold_of_guest_code(bytea) from public",
    "grant execute on function hold_of_guest_code(bytea) to {service}_api",
)


def upgrade() -> None:
    """Create the table; the organiser sees what is held in its sessions."""
    execute_all(op, "activities", TABLE)
    protect(op, "activities", "guest_holds")
