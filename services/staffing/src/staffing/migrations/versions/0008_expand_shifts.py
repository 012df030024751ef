"""Shifts that need people, and who does them; nobody is in two places at once, across all associations."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0008"
down_revision = "0007"

OWN_PEOPLE = "(select app_own_people())::uuid[]"
OWN_ASSOCIATIONS = "(select app_own_associations())::uuid[]"

DDL = (
    "alter table known_sessions add column activity_id uuid",
    "alter table supervisors add column assignment_id uuid",
    """create table shifts (
        id uuid primary key, organisation_id uuid not null, version bigint not null, state text not null,
        session_id uuid, session_version bigint, activity_id uuid, title text not null, role text not null,
        places integer not null, required text[] not null, starts_at timestamptz not null,
        ends_at timestamptz not null, lead_minutes integer not null, tail_minutes integer not null,
        time_zone text not null, jurisdiction text not null, is_open boolean not null,
        constraint shifts_times_check check (ends_at > starts_at),
        constraint shifts_places_check check (places > 0))""",
    "create index shifts_organisation_id_starts_at_index on shifts (organisation_id, starts_at)",
    "create index shifts_session_id_index on shifts (session_id)",
    """create table assignments (
        id uuid primary key, organisation_id uuid not null, version bigint not null,
        shift_id uuid not null references shifts, person_id uuid not null references people, human_id uuid not null,
        engagement text not null, state text not null, starts_at timestamptz not null, ends_at timestamptz not null,
        activity_id uuid, findings jsonb not null, because text, released_because text, hold_id uuid,
        constraint assignments_human_excl exclude using gist
            (human_id with =, tstzrange(starts_at, ends_at) with &&) where (state in ('held', 'assigned')))""",
    "create index assignments_shift_id_index on assignments (shift_id)",
    "create index assignments_person_id_starts_at_index on assignments (person_id, starts_at)",
    "create index assignments_hold_id_index on assignments (hold_id) where hold_id is not null",
    # The question across associations, asked about one's own people only: when is this human taken? Times, no more.
    """create function busy_times(person_ids uuid[], from_at timestamptz, until_at timestamptz)
        returns table (person_id uuid, starts_at timestamptz, ends_at timestamptz)
        language sql stable security definer set search_path = public as $$
        select p.id, a.starts_at, a.ends_at
          from people p join assignments a on a.human_id = p.human_id and a.state in ('held', 'assigned')
         where p.id = any(person_ids)
           and (p.organisation_id = any((select app_organisations())::uuid[])
                or p.id = any((select app_own_people())::uuid[]))
           and a.starts_at < until_at and a.ends_at > from_at $$""",
    """create function app_own_associations() returns uuid[]
        language sql stable security definer set search_path = public as $$
        select coalesce(array_agg(distinct organisation_id), '{}') from people
         where id = any((select app_own_people())::uuid[]) and (ended_on is null or ended_on >= current_date) $$""",
    # Two records that turn out to be one human bring their duties together, where the constraint looks at them.
    """create function duties_follow_human() returns trigger
        language plpgsql security definer set search_path = public as $$
        begin
          update assignments set human_id = new.human_id where person_id = new.id;
          return null;
        end $$""",
    """create trigger people_duties_follow after update of human_id on people
        for each row when (old.human_id is distinct from new.human_id) execute function duties_follow_human()""",
    # A session that moves or is called off takes its shifts along, in the worker.
    """create function shifts_follow_session() returns trigger language plpgsql set search_path = public as $$
        begin
          if exists (select from shifts where session_id = new.session_id) then
            insert into due_rows (kind, subject_id, organisation_id, due_at)
            values ('follow_session', new.session_id, new.organisation_id, now())
            on conflict (kind, subject_id) do update set due_at = excluded.due_at, attempts = 0;
          end if;
          return null;
        end $$""",
    """create trigger known_sessions_shifts_follow after update on known_sessions
        for each row when ((old.starts_at, old.ends_at, old.state) is distinct from
                           (new.starts_at, new.ends_at, new.state)) execute function shifts_follow_session()""",
    "revoke all on function busy_times(uuid[], timestamptz, timestamptz), app_own_associations() from public",
    """grant execute on function busy_times(uuid[], timestamptz, timestamptz), app_own_associations()
        to {service}_api, {service}_worker""",
)


def upgrade() -> None:
    """Who works here sees open shifts and his own; what he is assigned to is his to see as well."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "assignments", also_visible=f"person_id = any({OWN_PEOPLE})")
    own_duty = f"exists (select from assignments a where a.shift_id = shifts.id and a.person_id = any({OWN_PEOPLE}))"
    protect(
        op,
        "staffing",
        "shifts",
        also_visible=f"(is_open and organisation_id = any({OWN_ASSOCIATIONS})) or {own_duty}",
    )
