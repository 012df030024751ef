"""Lets people be erased from what no feature owns."""

from __future__ import annotations

from alembic import op

from access import erasing
from common.migrating import execute_all

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the function that erases traces."""
    execute_all(op, "partners", erasing.DDL)
