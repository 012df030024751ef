"""The agreement under which something is reserved."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0008"
down_revision = "0007"

COLUMNS = (
    """alter table reservations add column agreement_id uuid
        constraint reservations_agreement_id_fkey references agreements (id)""",
    "create index reservations_agreement_id_index on reservations (agreement_id)",
)


def upgrade() -> None:
    """Add it; most reservations cite none."""
    execute_all(op, "partners", COLUMNS)
