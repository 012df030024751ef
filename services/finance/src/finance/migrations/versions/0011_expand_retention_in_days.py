"""Lets a retention rule count in days, and be the platform's own where no law names a period; the books keep theirs."""

from __future__ import annotations

from alembic import op

from access.retention import add_rules

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """The same rules as in the other services; finance knows no names, so nothing of it is looked for."""
    add_rules(op, "finance", (), anew=False)
