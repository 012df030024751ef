"""What a coverage follows from, for sentences in any language; older rows get it when they are next assessed."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; no default, so that no row is written."""
    op.execute("alter table coverages add column grounds jsonb")
