"""Outbox, consumers, worker, idempotency, audit, row policies, and what the service knows of accounts."""

from __future__ import annotations

from alembic import op

from access.projection import create_foundation

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the mechanism's tables and rights."""
    create_foundation(op, "activities")
