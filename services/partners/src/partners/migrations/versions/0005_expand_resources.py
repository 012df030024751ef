"""Rooms, vehicles and equipment, their reservations, and the holds that these were made for."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, protect
from common.migrating import execute_all

revision = "0005"
down_revision = "0004"

TABLES = (
    "create extension if not exists btree_gist",
    """create table resources (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1,
        kind text not null, name text not null, description text not null, site_id uuid, capacity bigint,
        accessibility text[] not null, time_zone text not null, opening_hours jsonb not null,
        quantity bigint not null, set_up_minutes bigint not null, clean_up_minutes bigint not null,
        currency text not null, price_per_hour_minor bigint not null, pooled boolean not null, approval text not null,
        owner_notice_days bigint, quota_hours bigint, quota_period text, ended_at timestamptz,
        constraint resources_pkey primary key (id),
        constraint resources_organisation_id_fkey foreign key (organisation_id) references organisations (id),
        constraint resources_site_id_fkey foreign key (site_id) references organisations (id),
        constraint resources_kind_check check (kind in ('room', 'outdoor', 'vehicle', 'equipment')),
        constraint resources_approval_check check (approval in ('automatic', 'owner')),
        constraint resources_quota_period_check check (quota_period in ('week', 'month', 'year')),
        constraint resources_quota_check check ((quota_hours is null) = (quota_period is null)),
        constraint resources_quantity_check check (quantity > 0),
        constraint resources_amounts_check
            check (price_per_hour_minor >= 0 and set_up_minutes >= 0 and clean_up_minutes >= 0))""",
    "create index resources_organisation_id_id_index on resources (organisation_id, id)",
    """create table resource_papers (
        id uuid not null, organisation_id uuid not null, resource_id uuid not null, kind text not null,
        issuer text not null, reference text not null, issued_on date not null, expires_on date not null,
        constraint resource_papers_pkey primary key (id),
        constraint resource_papers_resource_id_fkey foreign key (resource_id) references resources (id),
        constraint resource_papers_kind_check check (kind in ('fire_inspection', 'electrical_inspection',
            'playground_inspection', 'lift_inspection', 'vehicle_inspection', 'insurance', 'other')),
        constraint resource_papers_period_check check (expires_on >= issued_on))""",
    """create index resource_papers_resource_id_kind_expires_on_index
        on resource_papers (resource_id, kind, expires_on)""",
    """create table resource_closures (
        id uuid not null, organisation_id uuid not null, resource_id uuid not null, kind text not null,
        starts_at timestamptz not null, ends_at timestamptz not null, reason text not null,
        created_at timestamptz not null default now(),
        constraint resource_closures_pkey primary key (id),
        constraint resource_closures_resource_id_fkey foreign key (resource_id) references resources (id),
        constraint resource_closures_kind_check check (kind in ('maintenance', 'blocked')),
        constraint resource_closures_period_check check (ends_at > starts_at))""",
    "create index resource_closures_resource_id_ends_at_index on resource_closures (resource_id, ends_at)",
    """create table reservations (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1,
        resource_id uuid not null, reserved_by_organisation_id uuid not null,
        hold_id uuid, hold_version bigint, session_id uuid, title text not null, quantity bigint not null,
        alone boolean not null, starts_at timestamptz not null, ends_at timestamptz not null, time_zone text not null,
        price_minor bigint not null, currency text not null, state text not null, reason text,
        created_at timestamptz not null default now(),
        constraint reservations_pkey primary key (id),
        constraint reservations_resource_id_fkey foreign key (resource_id) references resources (id),
        constraint reservations_state_check
            check (state in ('asked', 'held', 'confirmed', 'released', 'declined', 'withdrawn')),
        constraint reservations_period_check check (ends_at > starts_at),
        constraint reservations_quantity_check check (quantity > 0),
        constraint reservations_hold_check check ((hold_id is null) = (hold_version is null)),
        constraint reservations_no_overlap exclude using gist
            (resource_id with =, tstzrange(starts_at, ends_at) with &&)
            where (alone and state in ('asked', 'held', 'confirmed')))""",
    "create index reservations_resource_id_ends_at_index on reservations (resource_id, ends_at)",
    "create index reservations_hold_id_index on reservations (hold_id)",
    "create index reservations_organisation_id_id_index on reservations (organisation_id, id)",
    """create index reservations_reserved_by_organisation_id_id_index
        on reservations (reserved_by_organisation_id, id)""",
    """create table known_holds (
        hold_id uuid not null, organisation_id uuid not null, version bigint not null, session_id uuid not null,
        state text not null,
        constraint known_holds_pkey primary key (hold_id),
        constraint known_holds_state_check
            check (state in ('asked', 'held', 'confirmed', 'refused', 'released')))""",
)
# Times and quantities of all owners' rows: whether somebody else has it, and not who or what for.
BUSY_PERIODS = (
    """create function busy_periods(resource_ids uuid[], from_at timestamptz, until_at timestamptz)
        returns table (resource_id uuid, kind text, starts_at timestamptz, ends_at timestamptz, quantity bigint)
        language sql stable security definer set search_path = public as $$
        select r.resource_id, 'reserved', r.starts_at, r.ends_at, r.quantity from reservations r
         where r.resource_id = any(resource_ids) and r.state in ('asked', 'held', 'confirmed')
           and r.ends_at > from_at and r.starts_at < until_at
        union all
        select c.resource_id, c.kind, c.starts_at, c.ends_at, 0 from resource_closures c
         where c.resource_id = any(resource_ids) and c.ends_at > from_at and c.starts_at < until_at $$""",
    "revoke all on function busy_periods(uuid[], timestamptz, timestamptz) from public",
    "grant execute on function busy_periods(uuid[], timestamptz, timestamptz) to {service}_api, {service}_worker",
)
SHARES_FEDERATION = """create function shares_federation(one uuid, other uuid) returns boolean language sql stable as $$
    select exists (select from organisations a join organisations b on a.federation_ids && b.federation_ids
                    where a.id = one and b.id = other) $$"""
POOLED_IN_MY_FEDERATION = f"""pooled and exists (
    select from organisations theirs
      join organisations mine on mine.federation_ids && theirs.federation_ids or mine.id = any(theirs.federation_ids)
     where theirs.id = resources.organisation_id and mine.id = any({ORGANISATIONS}))"""
OF_A_VISIBLE_RESOURCE = "exists (select from resources where resources.id = resource_id)"


def upgrade() -> None:
    """A pooled resource and its papers are seen in its owner's federations; a reservation by owner and lodger."""
    execute_all(op, "partners", (*TABLES, *BUSY_PERIODS, SHARES_FEDERATION))
    protect(op, "partners", "resources", also_visible=POOLED_IN_MY_FEDERATION)
    protect(op, "partners", "resource_papers", also_visible=OF_A_VISIBLE_RESOURCE)
    protect(op, "partners", "resource_closures")
    protect(op, "partners", "reservations", also_visible=f"reserved_by_organisation_id = any({ORGANISATIONS})")
    protect(op, "partners", "known_holds", audited_by=None)
