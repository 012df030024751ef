"""Organisations, and consents to joining a federation."""

from __future__ import annotations

from alembic import op

from access.row_policies import EVERYBODY, ORGANISATIONS, protect

revision = "0002"
down_revision = "0001"

ORGANISATIONS_TABLE = """
create table organisations (
    id uuid constraint organisations_pkey primary key,
    organisation_id uuid not null,
    version bigint not null,
    kind text not null,
    name text not null,
    slug text not null,
    federation_ids uuid[] not null,
    parent_id uuid constraint organisations_parent_id_fkey references organisations (id),
    time_zone text not null,
    currency text not null,
    jurisdiction text not null,
    languages text[] not null,
    enterprise_number text not null,
    address text not null,
    accessibility text not null,
    ended_at timestamptz,
    constraint organisations_slug_key unique (slug),
    constraint organisations_kind_check check (kind in ('federation', 'association', 'site', 'outside_partner')),
    constraint organisations_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    constraint organisations_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint organisations_languages_check
        check (cardinality(languages) > 0 and languages <@ array['fr', 'nl', 'de', 'en']),
    constraint organisations_parent_check check ((kind = 'site') = (parent_id is not null)),
    constraint organisations_owner_check check (organisation_id = coalesce(parent_id, id))
)"""
CONSENTS_TABLE = """
create table federation_consents (
    id uuid constraint federation_consents_pkey primary key,
    organisation_id uuid not null
        constraint federation_consents_organisation_id_fkey references organisations (id),
    federation_id uuid not null
        constraint federation_consents_federation_id_fkey references organisations (id),
    organisation_agreed_at timestamptz,
    federation_agreed_at timestamptz,
    constraint federation_consents_organisation_id_federation_id_key unique (organisation_id, federation_id)
)"""


def upgrade() -> None:
    """Names are a published directory: every signed-in account reads it, owners write their own rows."""
    op.execute(ORGANISATIONS_TABLE)
    op.execute("create index organisations_parent_id_index on organisations (parent_id)")
    op.execute(CONSENTS_TABLE)
    protect(op, "partners", "organisations", also_visible=EVERYBODY)
    protect(op, "partners", "federation_consents", also_visible=f"federation_id = any({ORGANISATIONS})")
