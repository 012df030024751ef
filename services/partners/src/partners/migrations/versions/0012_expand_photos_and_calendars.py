"""Photos of resources, and the secret addresses under which calendar programs read who has a resource when."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0012"
down_revision = "0011"

TABLES = (
    """create table resource_photos (
        id uuid not null, organisation_id uuid not null, resource_id uuid not null, description text not null,
        content bytea not null, created_at timestamptz not null default now(),
        constraint resource_photos_pkey primary key (id),
        constraint resource_photos_resource_id_fkey foreign key (resource_id) references resources (id))""",
    "create index resource_photos_resource_id_index on resource_photos (resource_id)",
    """create table resource_calendars (
        resource_id uuid not null, organisation_id uuid not null, secret_fingerprint bytea not null,
        made_at timestamptz not null,
        constraint resource_calendars_pkey primary key (resource_id),
        constraint resource_calendars_resource_id_fkey foreign key (resource_id) references resources (id))""",
    "create unique index resource_calendars_secret_fingerprint_index on resource_calendars (secret_fingerprint)",
    """create function calendar_of_secret(fingerprint bytea) returns table (resource_id uuid, organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select c.resource_id, c.organisation_id from resource_calendars c
         where c.secret_fingerprint = fingerprint $$""",
    "revoke all on function calendar_of_secret(bytea) from public",
    "grant execute on function calendar_of_secret(bytea) to {service}_api",
)
OF_A_VISIBLE_RESOURCE = "exists (select from resources where resources.id = resource_id)"


def upgrade() -> None:
    """Whoever may see a resource sees its photos; its address is the owner's."""
    execute_all(op, "partners", TABLES)
    protect(op, "partners", "resource_photos", also_visible=OF_A_VISIBLE_RESOURCE)
    protect(op, "partners", "resource_calendars", audited_by="resource_id")
