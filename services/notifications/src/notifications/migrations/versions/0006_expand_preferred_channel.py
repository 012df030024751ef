"""Whether a recipient would rather be called than written to."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0006"
down_revision = "0005"

DDL = ("alter table recipients add column prefers_phone boolean not null default false",)


def upgrade() -> None:
    """Add the column: everybody is written to until they say otherwise."""
    execute_all(op, "notifications", DDL)
