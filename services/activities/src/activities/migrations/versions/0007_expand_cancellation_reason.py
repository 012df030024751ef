"""Why a session was cancelled, for the events of its bookings."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Sessions that were cancelled before keep no reason."""
    op.execute("alter table sessions add column cancellation_reason text")
