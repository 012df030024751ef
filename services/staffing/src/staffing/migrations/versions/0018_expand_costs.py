"""What an hour of somebody costs, and what a substitute costs more than who is absent."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0018"
down_revision = "0017"

DDL = (
    "alter table people add column hour_cost_minor bigint",
    "alter table people add column cost_currency text not null default 'EUR'",
    "alter table assignments add column extra_cost_minor bigint not null default 0",
    "alter table assignments add column cost_currency text",
)


def upgrade() -> None:
    """Add the columns; nobody costs anything until a planner says so."""
    execute_all(op, "staffing", DDL)
