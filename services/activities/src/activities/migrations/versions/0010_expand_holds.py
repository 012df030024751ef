"""What sessions ask of others, and what was answered."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect

revision = "0010"
down_revision = "0009"

HOLDS_TABLE = """
create table holds (
    id uuid not null, organisation_id uuid not null, version bigint not null, session_id uuid not null,
    state text not null, title text not null, starts_at timestamptz not null, ends_at timestamptz not null,
    time_zone text not null, wishes jsonb not null, answer_by timestamptz,
    resources_held boolean, people_held boolean, held jsonb not null, refusals jsonb not null,
    asked_at timestamptz not null default now(), decided_at timestamptz,
    constraint holds_pkey primary key (id),
    constraint holds_session_id_key unique (session_id),
    constraint holds_state_check check (state in ('asked', 'confirmed', 'refused', 'late', 'released')))"""


def upgrade() -> None:
    """A hold is for the team of the organiser only."""
    op.execute(HOLDS_TABLE)
    op.execute("create index holds_organisation_id_id_index on holds (organisation_id, id)")
    protect(op, "activities", "holds")
