"""How often each mark was changed, when and by whom, so that two people can write on one sheet."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Marks from before begin at version 1, by nobody that is known."""
    op.execute(
        """alter table attendance_marks
             add column version bigint not null default 1,
             add column marked_at timestamptz not null default now(),
             add column marked_by text"""
    )
