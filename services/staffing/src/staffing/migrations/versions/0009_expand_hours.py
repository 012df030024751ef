"""Worked hours, what an association gives for them, and what a human got so far in all associations."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0009"
down_revision = "0008"

OWN_PEOPLE = "(select app_own_people())::uuid[]"

DDL = (
    """create table hour_terms (
        id uuid primary key, organisation_id uuid not null, volunteer_hour_value_minor bigint not null,
        volunteer_day_allowance_minor bigint not null, currency text not null, valid_from date not null, valid_to date,
        constraint hour_terms_dates_check check (valid_to >= valid_from),
        constraint hour_terms_validity_excl exclude using gist
            (organisation_id with =, daterange(valid_from, valid_to, '[]') with &&))""",
    """create table worked_hours (
        id uuid primary key, organisation_id uuid not null, version bigint not null,
        person_id uuid not null references people, assignment_id uuid, activity_id uuid, title text not null,
        engagement text not null, state text not null, starts_at timestamptz not null, ends_at timestamptz not null,
        worked_on date not null, minutes integer not null, value_minor bigint not null,
        allowance_minor bigint not null, currency text, explanation text not null,
        constraint worked_hours_minutes_check check (minutes > 0),
        constraint worked_hours_person_excl exclude using gist
            (person_id with =, tstzrange(starts_at, ends_at) with &&) where (state <> 'refused'))""",
    "create index worked_hours_organisation_id_worked_on_index on worked_hours (organisation_id, worked_on)",
    "create index worked_hours_person_id_index on worked_hours (person_id)",
    # Ceilings are per human over all associations: asked about one's own people, answered with two sums.
    """create function allowances_so_far(person uuid, day date)
        returns table (on_day_minor bigint, in_year_minor bigint)
        language sql stable security definer set search_path = public as $$
        select coalesce(sum(h.allowance_minor) filter (where h.worked_on = day), 0)::bigint,
               coalesce(sum(h.allowance_minor), 0)::bigint
          from people asked
          join people p on p.human_id = asked.human_id
          join worked_hours h on h.person_id = p.id and h.state = 'approved'
           and date_trunc('year', h.worked_on) = date_trunc('year', day)
         where asked.id = person and asked.organisation_id = any((select app_organisations())::uuid[]) $$""",
    "revoke all on function allowances_so_far(uuid, date) from public",
    "grant execute on function allowances_so_far(uuid, date) to {service}_api, {service}_worker",
)


def upgrade() -> None:
    """Create the tables; everybody reads the hours that are recorded of himself."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "hour_terms")
    protect(op, "staffing", "worked_hours", also_visible=f"person_id = any({OWN_PEOPLE})")
