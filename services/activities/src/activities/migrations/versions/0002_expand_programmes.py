"""Programmes, their objectives, and the activities in them."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0002"
down_revision = "0001"

TABLES = (
    """create table programmes (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1,
        title text not null, season text not null, starts_on date not null, ends_on date not null,
        audience text not null, policy_axes text[] not null, state text not null,
        created_at timestamptz not null default now(),
        constraint programmes_pkey primary key (id),
        constraint programmes_season_check check (ends_on >= starts_on),
        constraint programmes_state_check check (state in ('draft', 'approved', 'published', 'closed')))""",
    "create index programmes_organisation_id_id_index on programmes (organisation_id, id)",
    """create table objectives (
        id uuid not null, organisation_id uuid not null, programme_id uuid not null,
        statement text not null, indicator text not null, unit text not null, target bigint not null,
        constraint objectives_pkey primary key (id),
        constraint objectives_programme_id_fkey foreign key (programme_id) references programmes (id))""",
    "create index objectives_programme_id_index on objectives (programme_id)",
    """create table activities (
        id uuid not null, organisation_id uuid not null, programme_id uuid not null, version bigint not null default 1,
        title text not null, description text not null, audience text not null, waiting_rule text not null,
        offer_hours bigint not null, cancellation_terms jsonb not null, published boolean not null,
        created_at timestamptz not null default now(),
        constraint activities_pkey primary key (id),
        constraint activities_programme_id_fkey foreign key (programme_id) references programmes (id),
        constraint activities_waiting_rule_check
          check (waiting_rule in ('arrival', 'own_participants_first', 'arrival_if_it_fits')),
        constraint activities_offer_hours_check check (offer_hours between 1 and 336))""",
    "create index activities_organisation_id_id_index on activities (organisation_id, id)",
    "create index activities_programme_id_index on activities (programme_id)",
)


def upgrade() -> None:
    """Create the tables; what was published once stays to be seen, also when the programme is closed."""
    execute_all(op, "activities", TABLES)
    protect(op, "activities", "programmes", also_visible="state in ('published', 'closed')")
    protect(op, "activities", "objectives", also_visible="exists (select from programmes where id = programme_id)")
    protect(op, "activities", "activities", also_visible="published")
