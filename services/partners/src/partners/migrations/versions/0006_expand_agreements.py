"""Agreements between an association and others; the other sides see what was sent to them."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, protect
from common.migrating import execute_all

revision = "0006"
down_revision = "0005"

DDL = (
    """create table agreements (
        id uuid primary key,
        organisation_id uuid not null constraint agreements_organisation_id_fkey references organisations (id),
        version bigint not null, state text not null, title text not null, scope text not null,
        starts_on date not null, ends_on date, renewal_notice_days integer not null, party_ids uuid[] not null,
        sent_at timestamptz, signed_at timestamptz, ended_at timestamptz, end_reason text,
        constraint agreements_state_check check (state in ('draft', 'sent', 'signed', 'ended')),
        constraint agreements_dates_check check (ends_on >= starts_on),
        constraint agreements_notice_check check (renewal_notice_days between 0 and 730))""",
    "create index agreements_organisation_id_id_index on agreements (organisation_id, id)",
    "create index agreements_party_ids_index on agreements using gin (party_ids)",
    """create table agreement_contributions (
        id uuid primary key, organisation_id uuid not null,
        agreement_id uuid not null references agreements on delete cascade, position integer not null,
        party_id uuid not null, kind text not null, description text not null, amount_minor bigint, currency text,
        constraint agreement_contributions_amount_check check ((amount_minor is null) = (currency is null)))""",
    "create index agreement_contributions_agreement_id_index on agreement_contributions (agreement_id, position)",
    """create table agreement_signatures (
        agreement_id uuid not null references agreements, party_id uuid not null, organisation_id uuid not null,
        signed_by text not null, signed_on date not null, recorded_by_organisation_id uuid not null,
        recorded_at timestamptz not null, primary key (agreement_id, party_id))""",
)
SENT_TO_US = f"(state <> 'draft' and party_ids && {ORGANISATIONS})"


def of_visible_agreement(table: str) -> str:
    """Whoever sees the agreement sees what belongs to it."""
    return f"exists (select from agreements where agreements.id = {table}.agreement_id)"


def upgrade() -> None:
    """Create the tables; a signature is never taken back."""
    execute_all(op, "partners", DDL)
    protect(op, "partners", "agreements", also_visible=SENT_TO_US)
    for table, audited_by, append_only in (
        ("agreement_contributions", "id", False),
        ("agreement_signatures", "agreement_id", True),
    ):
        protect(
            op,
            "partners",
            table,
            also_visible=of_visible_agreement(table),
            append_only=append_only,
            audited_by=audited_by,
        )
