"""For how long volunteers who have left and applications that nobody decided are kept, as dated data.

Who worked for pay, or got an allowance, is kept as records of work are. A day of `stated` rules is the platform's own
choice, because no law names one.
"""

from __future__ import annotations

from alembic import op

from access.retention import add_rules

revision = "0021"
down_revision = "0020"

LEFT = (
    "Practice of Les Scouts: data of volunteers are deleted when they leave the role; read as the year after the last"
)
OPEN = "No law names a period: an application that nobody decided serves nobody a year later"
RULES = (
    {"jurisdiction": "BE", "record": "volunteers", "years": 1, "source": LEFT, "status": "verified_secondary"},
    {"jurisdiction": "FR", "record": "volunteers", "years": 1, "source": LEFT, "status": "from_memory"},
    {"jurisdiction": "BE", "record": "applications", "days": 365, "source": OPEN, "status": "stated"},
    {"jurisdiction": "FR", "record": "applications", "days": 365, "source": OPEN, "status": "stated"},
)


def upgrade() -> None:
    """Add the rules, and where the looks are noted."""
    add_rules(op, "staffing", RULES, anew=False)
