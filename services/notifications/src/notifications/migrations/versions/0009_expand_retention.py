"""For how long messages are kept, as dated data: the platform's own choice, because no law names a period."""

from __future__ import annotations

from alembic import op

from access.retention import add_rules

revision = "0009"
down_revision = "0008"

TOLD = "No law names a period: a year answers whether somebody was told; what is booked and owed is kept elsewhere"
RULES = (
    {"jurisdiction": "BE", "record": "messages", "days": 365, "source": TOLD, "status": "stated"},
    {"jurisdiction": "FR", "record": "messages", "days": 365, "source": TOLD, "status": "stated"},
)


def upgrade() -> None:
    """Add the rules, and where the looks are noted."""
    add_rules(op, "notifications", RULES, anew=True)
