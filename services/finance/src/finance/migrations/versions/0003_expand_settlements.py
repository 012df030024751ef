"""Debts between associations, line by line."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, protect
from common.migrating import execute_all

revision = "0003"
down_revision = "0002"

TABLES = (
    """create table settlement_lines (
        id uuid not null, organisation_id uuid not null, debtor_id uuid not null, creditor_id uuid not null,
        amount_minor bigint not null, currency text not null, quarter text not null,
        booking_id uuid not null, charge_id uuid not null, recorded_at timestamptz not null,
        constraint settlement_lines_pkey primary key (id),
        constraint settlement_lines_sides_check check (debtor_id <> creditor_id),
        constraint settlement_lines_organiser_check check (organisation_id in (debtor_id, creditor_id)),
        constraint settlement_lines_quarter_check check (quarter ~ '^[0-9]{4}Q[1-4]$'))""",
    "create index settlement_lines_debtor_id_quarter_index on settlement_lines (debtor_id, quarter)",
    "create index settlement_lines_creditor_id_quarter_index on settlement_lines (creditor_id, quarter)",
)


def upgrade() -> None:
    """Create the lines; who wrote them is in the audit trail of their charges."""
    execute_all(op, "finance", TABLES)
    both_sides = f"debtor_id = any({ORGANISATIONS}) or creditor_id = any({ORGANISATIONS})"
    protect(op, "finance", "settlement_lines", also_visible=both_sides, append_only=True, audited_by=None)
