"""Holds of people for sessions that ask for everything at once."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0012"
down_revision = "0011"

DDL = (
    """create table people_holds (
        hold_id uuid primary key, organisation_id uuid not null, session_id uuid not null, version bigint not null,
        state text not null, shift_ids uuid[] not null)""",
)


def upgrade() -> None:
    """Create the table."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "people_holds", audited_by="hold_id")
