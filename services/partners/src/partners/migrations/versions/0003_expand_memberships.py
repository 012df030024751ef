"""Memberships, and the two questions that must be answered before the caller's right is known."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.database import ACTOR_SETTING
from common.migrating import execute_all

revision = "0003"
down_revision = "0002"

MEMBERSHIPS_TABLE = """
create table memberships (
    id uuid constraint memberships_pkey primary key,
    organisation_id uuid not null constraint memberships_organisation_id_fkey references organisations (id),
    version bigint not null,
    role text not null,
    state text not null,
    display_name text not null,
    email text not null,
    language text not null,
    account_issuer text,
    account_subject text,
    code_hash bytea,
    expires_at timestamptz,
    invited_at timestamptz not null,
    accepted_at timestamptz,
    ended_at timestamptz,
    constraint memberships_state_check check (state in ('invited', 'active', 'ended')),
    constraint memberships_code_hash_check check ((code_hash is null) = (state <> 'invited')),
    constraint memberships_account_check check ((account_issuer is null) = (account_subject is null)),
    constraint memberships_active_account_check check (state <> 'active' or account_subject is not null)
)"""
INDEXES = (
    "create index memberships_organisation_id_id_index on memberships (organisation_id, id)",
    "create index memberships_account_index on memberships (account_issuer, account_subject)",
    "create unique index memberships_code_hash_key on memberships (code_hash)",
    """create unique index memberships_active_key
        on memberships (organisation_id, role, account_issuer, account_subject) where state = 'active'""",
)
LOOKUPS = (
    """create function organisation_of_membership(membership_id uuid) returns uuid
        language sql stable security definer set search_path = public as $$
        select m.organisation_id from memberships m where m.id = membership_id $$""",
    """create function invitation_of_code(code_hash bytea) returns table (membership_id uuid, organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select m.id, m.organisation_id from memberships m where m.code_hash = invitation_of_code.code_hash $$""",
    "revoke all on function organisation_of_membership(uuid), invitation_of_code(bytea) from public",
    "grant execute on function organisation_of_membership(uuid), invitation_of_code(bytea) to {service}_api",
)
OWN_ACCOUNT = f"account_issuer || '|' || account_subject = nullif(current_setting('{ACTOR_SETTING}', true), '')"


def upgrade() -> None:
    """A membership is visible to its organisation and to the account that it names."""
    op.execute(MEMBERSHIPS_TABLE)
    execute_all(op, "partners", (*INDEXES, *LOOKUPS))
    protect(op, "partners", "memberships", also_visible=OWN_ACCOUNT)
