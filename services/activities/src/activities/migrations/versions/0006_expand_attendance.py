"""The attendance list of a session."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, PERSONS, protect
from common.migrating import execute_all

revision = "0006"
down_revision = "0005"

TABLES = (
    """create table attendance_sheets (
        session_id uuid not null, organisation_id uuid not null, version bigint not null,
        recorded_at timestamptz not null default now(),
        constraint attendance_sheets_pkey primary key (session_id),
        constraint attendance_sheets_session_id_fkey foreign key (session_id) references sessions (id))""",
    """create table attendance_marks (
        session_id uuid not null, participant_id uuid not null, organisation_id uuid not null,
        home_organisation_id uuid not null, booking_id uuid not null, state text not null,
        constraint attendance_marks_pkey primary key (session_id, participant_id),
        constraint attendance_marks_session_id_fkey foreign key (session_id) references attendance_sheets (session_id),
        constraint attendance_marks_state_check check (state in ('present', 'absent', 'excused')))""",
    "create index attendance_marks_participant_id_index on attendance_marks (participant_id)",
    """create table anonymous_counts (
        session_id uuid not null, from_age bigint not null, to_age bigint not null, organisation_id uuid not null,
        count bigint not null,
        constraint anonymous_counts_pkey primary key (session_id, from_age),
        constraint anonymous_counts_session_id_fkey foreign key (session_id) references attendance_sheets (session_id),
        constraint anonymous_counts_count_check check (count >= 0 and to_age >= from_age))""",
)
OWN_MARK = f"home_organisation_id = any({ORGANISATIONS}) or participant_id = any({PERSONS})"
WITH_A_VISIBLE_MARK = "exists (select from attendance_marks m where m.session_id = attendance_sheets.session_id)"


def upgrade() -> None:
    """Create the tables; home associations and families see the marks of their own people."""
    execute_all(op, "activities", TABLES)
    protect(op, "activities", "attendance_marks", also_visible=OWN_MARK, audited_by="session_id")
    protect(op, "activities", "attendance_sheets", also_visible=WITH_A_VISIBLE_MARK, audited_by="session_id")
    protect(op, "activities", "anonymous_counts", audited_by="session_id")
