"""Searches for a substitute, seen by the planners and by those who are asked."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0011"
down_revision = "0010"

OWN_PEOPLE = "(select app_own_people())::uuid[]"

DDL = (
    """create table substitute_requests (
        id uuid primary key, organisation_id uuid not null, version bigint not null, state text not null,
        shift_id uuid not null references shifts, absent_person_id uuid not null references people,
        assignment_id uuid references assignments, in_return_assignment_id uuid references assignments,
        asked_person_ids uuid[] not null, taken_by_person_id uuid, title text not null, role text not null,
        starts_at timestamptz not null, ends_at timestamptz not null, time_zone text not null)""",
    "create index substitute_requests_shift_id_index on substitute_requests (shift_id)",
    "create index substitute_requests_open_index on substitute_requests (organisation_id, id) where state = 'open'",
)


def upgrade() -> None:
    """Create the table."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "substitute_requests", also_visible=f"asked_person_ids && {OWN_PEOPLE}")
