"""Where a session takes place that was moved."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add it; of sessions moved before nobody knows it."""
    execute_all(op, "notifications", ("alter table known_sessions add column site_id uuid",))
