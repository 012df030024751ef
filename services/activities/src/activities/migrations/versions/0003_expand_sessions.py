"""Sessions and the places in them."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0003"
down_revision = "0002"

# The row of the places is updated by every booking: it keeps room for its next version on its page, and has no index
# but its key. Nothing refers to it.
TABLES = (
    """create table sessions (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1,
        activity_id uuid not null, programme_id uuid not null, series_id uuid, site_id uuid not null,
        title text not null, starts_at timestamptz not null, ends_at timestamptz not null, time_zone text not null,
        state text not null, minimum bigint not null, age_from bigint, age_to bigint, accessibility text[] not null,
        prices jsonb not null, currency text not null, jurisdiction text not null, supervision text not null,
        cost_shares jsonb not null, open_door boolean not null, created_at timestamptz not null default now(),
        constraint sessions_pkey primary key (id),
        constraint sessions_activity_id_fkey foreign key (activity_id) references activities (id),
        constraint sessions_period_check check (ends_at > starts_at),
        constraint sessions_state_check check (state in ('scheduled', 'cancelled', 'completed')))""",
    "create index sessions_organisation_id_id_index on sessions (organisation_id, id)",
    "create index sessions_activity_id_starts_at_index on sessions (activity_id, starts_at)",
    "create index sessions_starts_at_index on sessions (starts_at)",
    """create table session_places (
        session_id uuid not null, organisation_id uuid not null, session_version bigint not null default 1,
        capacity bigint not null, taken bigint not null default 0, waiting_count bigint not null default 0,
        constraint session_places_pkey primary key (session_id),
        constraint session_places_taken_check check (taken between 0 and capacity),
        constraint session_places_waiting_count_check check (waiting_count >= 0))
        with (fillfactor = 50)""",
)
PUBLISHED = "exists (select from activities where activities.id = activity_id and activities.published)"
OF_A_VISIBLE_SESSION = "exists (select from sessions where sessions.id = session_id)"


def upgrade() -> None:
    """Create the tables; a session is open to everybody once its activity is published."""
    execute_all(op, "activities", TABLES)
    protect(op, "activities", "sessions", also_visible=PUBLISHED)
    protect(op, "activities", "session_places", also_visible=OF_A_VISIBLE_SESSION, audited_by=None)
