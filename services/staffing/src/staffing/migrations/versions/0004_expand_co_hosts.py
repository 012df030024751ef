"""Co-hosts of a session see what it needs and has."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS
from common.migrating import execute_all

revision = "0004"
down_revision = "0003"

OWN = f"organisation_id = any({ORGANISATIONS})"
OF_A_VISIBLE_SESSION = "exists (select from known_sessions where known_sessions.session_id = coverages.session_id)"
STATEMENTS = (
    "alter table known_sessions add column co_host_ids uuid[] not null default '{}'",
    f"alter policy known_sessions_select on known_sessions using ({OWN} or co_host_ids && {ORGANISATIONS})",
    f"alter policy coverages_select on coverages using ({OWN} or {OF_A_VISIBLE_SESSION})",
)


def upgrade() -> None:
    """Sessions known before get their co-hosts with their next event; supervisors stay with the organiser."""
    execute_all(op, "staffing", STATEMENTS)
