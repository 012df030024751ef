"""Lets people be erased from what no feature owns."""

from __future__ import annotations

from alembic import op

from access import erasing
from common.migrating import execute_all

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the function that erases traces."""
    execute_all(op, "partners", erasing.DDL)
