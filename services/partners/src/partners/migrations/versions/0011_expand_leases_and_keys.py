"""Leases of rooms, the keys of them, and who has which; a handover is forgotten a year after the key came back."""

from __future__ import annotations

from alembic import op

from access.retention import ADD_RULE
from access.row_policies import protect
from common.migrating import execute_all

revision = "0011"
down_revision = "0010"

TABLES = (
    """create table leases (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1, resource_id uuid not null,
        side text not null, other_side text not null, reference text not null, starts_on date not null, ends_on date,
        notice_months bigint not null, rent_minor bigint not null, rent_period text not null,
        deposit_minor bigint not null, currency text not null,
        constraint leases_pkey primary key (id),
        constraint leases_resource_id_fkey foreign key (resource_id) references resources (id),
        constraint leases_side_check check (side in ('tenant', 'landlord')),
        constraint leases_rent_period_check check (rent_period in ('month', 'quarter', 'year')),
        constraint leases_dates_check check (ends_on >= starts_on),
        constraint leases_amounts_check check (rent_minor >= 0 and deposit_minor >= 0 and notice_months >= 0))""",
    "create index leases_resource_id_starts_on_index on leases (resource_id, starts_on)",
    """create table resource_keys (
        id uuid not null, organisation_id uuid not null, resource_id uuid not null, label text not null,
        note text not null, withdrawn_at timestamptz, withdrawal_reason text,
        constraint resource_keys_pkey primary key (id),
        constraint resource_keys_resource_id_fkey foreign key (resource_id) references resources (id),
        constraint resource_keys_withdrawal_check check ((withdrawn_at is null) = (withdrawal_reason is null)))""",
    """create unique index resource_keys_resource_id_label_index on resource_keys (resource_id, label)
        where withdrawn_at is null""",
    """create table key_handovers (
        id uuid not null, organisation_id uuid not null, key_id uuid not null, holder_name text not null,
        membership_id uuid, handed_over_on date not null, due_on date, returned_on date,
        constraint key_handovers_pkey primary key (id),
        constraint key_handovers_key_id_fkey foreign key (key_id) references resource_keys (id),
        constraint key_handovers_dates_check
            check (due_on >= handed_over_on and returned_on >= handed_over_on))""",
    "create unique index key_handovers_key_id_index on key_handovers (key_id) where returned_on is null",
    "create index key_handovers_organisation_id_returned_on_index on key_handovers (organisation_id, returned_on)",
)
RETURNED = "No law names a period for who had a key: the year after the last, to answer for damage that is found late"


def upgrade() -> None:
    """Only the owner's team reads them."""
    execute_all(op, "partners", TABLES)
    for table in ("leases", "resource_keys", "key_handovers"):
        protect(op, "partners", table)
    for country in ("BE", "FR"):
        rule = {"jurisdiction": country, "record": "key_handovers", "source": RETURNED, "status": "stated"}
        op.execute(ADD_RULE.bindparams(**rule, years=1, days=None))
