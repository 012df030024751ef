"""Meetings, who went there for whom, what was decided, and tasks with an owner and a day."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0007"
down_revision = "0006"

DDL = (
    """create table meetings (
        id uuid primary key,
        organisation_id uuid not null constraint meetings_organisation_id_fkey references organisations (id),
        version bigint not null, kind text not null, title text not null, place text not null,
        starts_at timestamptz not null, ends_at timestamptz not null, partner_ids uuid[] not null,
        agenda text not null, minutes text not null, decisions text[] not null,
        constraint meetings_kind_check check (kind in ('meeting', 'representation')),
        constraint meetings_period_check check (ends_at > starts_at))""",
    "create index meetings_organisation_id_id_index on meetings (organisation_id, id)",
    """create table meeting_attendances (
        id uuid primary key, organisation_id uuid not null,
        meeting_id uuid not null references meetings on delete cascade, position integer not null,
        name text not null, for_organisation_id uuid not null)""",
    "create index meeting_attendances_meeting_id_index on meeting_attendances (meeting_id, position)",
    """create table tasks (
        id uuid primary key,
        organisation_id uuid not null constraint tasks_organisation_id_fkey references organisations (id),
        version bigint not null, meeting_id uuid references meetings, title text not null,
        owner_membership_id uuid not null references memberships, due_on date not null, done_at timestamptz)""",
    "create index tasks_organisation_id_id_index on tasks (organisation_id, id)",
    "create index tasks_meeting_id_index on tasks (meeting_id)",
)


def upgrade() -> None:
    """Create the tables; what was said in a meeting is its association's alone."""
    execute_all(op, "partners", DDL)
    for table in ("meetings", "meeting_attendances", "tasks"):
        protect(op, "partners", table)
