"""The colour of an association's pages, and the bank account that is paid to."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0004"
down_revision = "0003"

COLUMNS = (
    "alter table organisations add column colour text not null default ''",
    "alter table organisations add column iban text not null default ''",
    "alter table organisations add constraint organisations_colour_check check (colour ~ '^(#[0-9a-f]{6})?$')",
)


def upgrade() -> None:
    """Add both; an empty text means that there is none."""
    execute_all(op, "partners", COLUMNS)
