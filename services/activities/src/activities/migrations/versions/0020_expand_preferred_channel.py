"""Whether a contact would rather be called than written to."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0020"
down_revision = "0019"

DDL = ("alter table contacts add column prefers_phone boolean not null default false",)


def upgrade() -> None:
    """Add the column: everybody is written to until they say otherwise."""
    execute_all(op, "activities", DDL)
