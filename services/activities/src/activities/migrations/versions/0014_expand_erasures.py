"""Erasures of people, with what every service answered."""

from __future__ import annotations

from alembic import op

from access import erasing
from access.row_policies import protect
from common.migrating import execute_all

revision = "0014"
down_revision = "0013"

TABLES = (
    """create table erasures (
        id uuid not null, organisation_id uuid not null, version bigint not null default 0, subject text not null,
        state text not null, household_ids uuid[] not null, participant_ids uuid[] not null,
        contact_ids uuid[] not null, worker_ids uuid[] not null, account_digests text[] not null,
        is_whole_account boolean not null, code text not null, asked_at timestamptz not null default now(),
        completed_at timestamptz,
        constraint erasures_pkey primary key (id),
        constraint erasures_subject_check
            check (subject in ('household', 'participant', 'worker', 'own_account')),
        constraint erasures_state_check check (state in ('asked', 'address', 'records', 'messages', 'complete')))""",
    "create index erasures_organisation_id_id_index on erasures (organisation_id, id)",
    "create unique index erasures_code_index on erasures (code)",
    """create table erasure_answers (
        erasure_id uuid not null, step text not null, service text not null, organisation_id uuid not null,
        erased jsonb not null, kept jsonb not null, answered_at timestamptz not null default now(),
        constraint erasure_answers_pkey primary key (erasure_id, step, service),
        constraint erasure_answers_erasure_id_fkey foreign key (erasure_id) references erasures (id))""",
    # Whoever has the code of a receipt may have no account any more: the function tells only whose code it is.
    """create function erasure_of_code(receipt_code text) returns table (erasure_id uuid, organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select id, erasures.organisation_id from erasures where code = receipt_code $$""",
    "revoke all on function erasure_of_code(text) from public",
    "grant execute on function erasure_of_code(text) to {service}_api",
)


def upgrade() -> None:
    """Create the tables; planners of the association read them, everybody else needs the code of the receipt."""
    execute_all(op, "activities", (*erasing.DDL, *TABLES))
    protect(op, "activities", "erasures")
    protect(op, "activities", "erasure_answers", audited_by="erasure_id")
