"""The telephone number of a contact, for lists that a team has with it."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Contacts that were recorded before have none."""
    op.execute("alter table contacts add column phone text")
