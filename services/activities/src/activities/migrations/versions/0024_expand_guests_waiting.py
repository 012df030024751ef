"""Guests who asked for a place when none was free: their link joins the waiting list."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0024"
down_revision = "0023"

STATES = (
    "alter table guest_holds drop constraint guest_holds_state_check",
    """alter table guest_holds add constraint guest_holds_state_check
        check (state in ('held', 'asked', 'confirmed', 'given_back')) not valid""",
    "alter table guest_holds validate constraint guest_holds_state_check",
)


def upgrade() -> None:
    """Allow one more state."""
    execute_all(op, "activities", STATES)
