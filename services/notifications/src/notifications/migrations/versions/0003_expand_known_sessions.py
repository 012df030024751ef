"""Sessions that were moved, so that who hears of a booking late is told the new time."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect

revision = "0003"
down_revision = "0002"

TABLE = """create table known_sessions (
    session_id uuid constraint known_sessions_pkey primary key, organisation_id uuid not null,
    version bigint not null, starts_at timestamptz not null, ends_at timestamptz not null)"""


def upgrade() -> None:
    """Create the table; sessions that were moved before are not in it."""
    op.execute(TABLE)
    protect(op, "notifications", "known_sessions", audited_by=None)
