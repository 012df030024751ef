"""Secret addresses at which calendar programs read a person's own shifts."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0024"
down_revision = "0023"

OWN_PEOPLE = "(select app_own_people())::uuid[]"

# A calendar program has no token: whoever has the secret gets times, titles and whose they are, and no row.
DDL = (
    """create table calendar_addresses (
        person_id uuid primary key references people, organisation_id uuid not null, version bigint not null,
        secret_digest bytea not null, made_at timestamptz not null)""",
    "create unique index calendar_addresses_secret_digest_index on calendar_addresses (secret_digest)",
    """create function person_of_calendar(digest bytea) returns table (person_id uuid, language text)
        language sql stable security definer set search_path = public as $$
        select p.id, p.language from calendar_addresses c join people p on p.id = c.person_id
         where c.secret_digest = digest $$""",
    """create function shifts_of_calendar(digest bytea, from_at timestamptz, shifts_max bigint)
        returns table (id uuid, organisation_id uuid, session_id uuid, version bigint, title text,
                       starts_at timestamptz, ends_at timestamptz, time_zone text)
        language sql stable security definer set search_path = public as $$
        select s.id, s.organisation_id, s.session_id, s.version, s.title, a.starts_at, a.ends_at, s.time_zone
          from calendar_addresses c
          join assignments a on a.person_id = c.person_id and a.state = 'assigned' and a.ends_at > from_at
          join shifts s on s.id = a.shift_id
         where c.secret_digest = digest
         order by a.starts_at, s.id limit shifts_max $$""",
    """revoke all on function person_of_calendar(bytea), shifts_of_calendar(bytea, timestamptz, bigint)
        from public""",
    """grant execute on function person_of_calendar(bytea), shifts_of_calendar(bytea, timestamptz, bigint)
        to {service}_api""",
)


def upgrade() -> None:
    """Create the table; of a secret only the digest is kept."""
    execute_all(op, "staffing", DDL)
    own = f"person_id = any({OWN_PEOPLE})"
    protect(op, "staffing", "calendar_addresses", also_visible=own, audited_by="person_id")
