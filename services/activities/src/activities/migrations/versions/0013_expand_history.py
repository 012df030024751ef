"""Finds what was changed of one session among everything that was changed."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Only what a session's history shows is in the index."""
    op.execute(
        """create index audit_entries_history_index on audit_entries (subject_id, id)
            where subject_type in ('sessions', 'attendance_sheets')"""
    )
