"""The few messages that somebody must tell by hand, found among all that ever were."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Holds writers up for as long as one reading of the messages takes: half a second for 500,000."""
    op.execute(
        "create index messages_to_tell_index on messages (organisation_id, id) where state in ('failed', 'to_print')"
    )
