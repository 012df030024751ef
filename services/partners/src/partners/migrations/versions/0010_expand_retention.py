"""For how long memberships that have ended are kept, as dated data; a task outlives the membership it was given to.

A day of `stated` rules is the platform's own choice, because no law names one.
"""

from __future__ import annotations

from alembic import op

from access.retention import add_rules

revision = "0010"
down_revision = "0009"

ENDED = "No law names a period for a right to act on a platform: the year after the last, to answer for what was done"
RULES = (
    {"jurisdiction": "BE", "record": "memberships", "years": 1, "source": ENDED, "status": "stated"},
    {"jurisdiction": "FR", "record": "memberships", "years": 1, "source": ENDED, "status": "stated"},
)


def upgrade() -> None:
    """Add the rules, and where the looks are noted."""
    add_rules(op, "partners", RULES, anew=True)
    op.execute("alter table tasks alter column owner_membership_id drop not null")
