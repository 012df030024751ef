"""For how long guests, people without a household and what was written of incidents are kept, as dated data.

A day of `stated` rules is the platform's own choice, because no law names one. A rule without `valid_from` was in force
when its source was read.
"""

from __future__ import annotations

from alembic import op

from access.retention import add_rules

revision = "0023"
down_revision = "0022"

GUESTS = "No law names a period: a guest gave an address for one booking; half a year for what is still owed or asked"
ALONE = "As households: not beyond the registration period; read as the year after the last"
BELGIAN_CLAIMS = "Ancien code civil, article 2262bis: claims under a contract end after ten years"
FRENCH_CLAIMS = "Code civil, article 2226: claims for bodily harm end after ten years"
RULES = (
    {"jurisdiction": "BE", "record": "guests", "days": 180, "source": GUESTS, "status": "stated"},
    {"jurisdiction": "FR", "record": "guests", "days": 180, "source": GUESTS, "status": "stated"},
    {"jurisdiction": "BE", "record": "participants", "years": 1, "source": ALONE, "status": "verified_secondary"},
    {"jurisdiction": "FR", "record": "participants", "years": 1, "source": ALONE, "status": "from_memory"},
    {"jurisdiction": "BE", "record": "incidents", "years": 10, "source": BELGIAN_CLAIMS, "status": "from_memory"},
    {"jurisdiction": "FR", "record": "incidents", "years": 10, "source": FRENCH_CLAIMS, "status": "from_memory"},
)


def upgrade() -> None:
    """Add the rules, and where the looks are noted."""
    add_rules(op, "activities", RULES, anew=False)
