"""Sessions, the ages booked for them, their supervisors, and whether that is enough."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0003"
down_revision = "0002"

DDL = (
    """create table known_sessions (
        session_id uuid primary key, organisation_id uuid not null, version bigint not null, state text not null,
        title text not null, starts_at timestamptz not null, ends_at timestamptz not null, time_zone text not null,
        jurisdiction text not null, supervision text not null)""",
    "create index known_sessions_rule_index on known_sessions (jurisdiction, supervision, ends_at)",
    """create table covered_bookings (
        booking_id uuid primary key, organisation_id uuid not null, session_id uuid not null,
        version bigint not null, ages integer[] not null)""",
    "create index covered_bookings_session_id_index on covered_bookings (session_id)",
    """create table supervisors (
        id uuid primary key, organisation_id uuid not null, session_id uuid not null,
        display_name text not null, qualification text not null, engagement text not null,
        account_issuer text, account_subject text,
        constraint supervisors_account_check check ((account_issuer is null) = (account_subject is null)))""",
    "create index supervisors_session_id_index on supervisors (session_id)",
    "create unique index supervisors_account_key on supervisors (session_id, account_issuer, account_subject)",
    """create table coverages (
        session_id uuid primary key, organisation_id uuid not null, version bigint not null,
        supervisors_needed integer not null, qualified_needed integer not null,
        supervisors_present integer not null, qualified_present integer not null,
        is_short boolean not null, explanation text not null) with (fillfactor = 70)""",
    "create index coverages_short_index on coverages (session_id) where is_short",
)

REASSESS_WHEN_RULES_CHANGE = (
    """create function reassess_sessions_of_rule() returns trigger language plpgsql set search_path = public as $$
        begin
          insert into due_rows (kind, subject_id, organisation_id, due_at)
          select 'reassess_coverage', session_id, organisation_id, now() from known_sessions
           where jurisdiction = new.jurisdiction and supervision = new.rule and ends_at > now()
          on conflict (kind, subject_id) do update set due_at = excluded.due_at, attempts = 0;
          return null;
        end $$""",
    """create trigger supervision_rules_reassess after insert or update on supervision_rules
        for each row execute function reassess_sessions_of_rule()""",
)


def upgrade() -> None:
    """Create the tables; what follows from events that are kept elsewhere needs no audit trail of its own."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "known_sessions", audited_by=None)
    protect(op, "staffing", "covered_bookings", audited_by=None)
    protect(op, "staffing", "coverages", audited_by=None)
    protect(op, "staffing", "supervisors")
    execute_all(op, "staffing", REASSESS_WHEN_RULES_CHANGE)
