"""Proposed rotas, which the worker makes."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0010"
down_revision = "0009"

DDL = (
    """create table proposals (
        id uuid primary key, organisation_id uuid not null, version bigint not null, state text not null,
        session_id uuid, from_at timestamptz not null, until_at timestamptz not null,
        requested_at timestamptz not null, explanation text not null, result jsonb,
        constraint proposals_times_check check (until_at > from_at))""",
)


def upgrade() -> None:
    """Create the table; a proposal names people and is for planners only."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "proposals")
