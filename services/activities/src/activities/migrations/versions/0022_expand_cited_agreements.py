"""Agreements as the partners service announces them, and the sessions held under them."""

from __future__ import annotations

from alembic import op

from access.row_policies import ORGANISATIONS, protect
from common.migrating import execute_all

revision = "0022"
down_revision = "0021"

DDL = (
    """create table known_agreements (
        agreement_id uuid not null, organisation_id uuid not null, version bigint not null, state text not null,
        title text not null, starts_on date not null, ends_on date, party_ids uuid[] not null,
        constraint known_agreements_pkey primary key (agreement_id))""",
    """create table session_agreements (
        session_id uuid not null, organisation_id uuid not null, agreement_id uuid not null,
        constraint session_agreements_pkey primary key (session_id),
        constraint session_agreements_session_id_fkey foreign key (session_id) references sessions (id))""",
    "create index session_agreements_agreement_id_session_id_index on session_agreements (agreement_id, session_id)",
)
A_SIDE_OF_IT = f"party_ids && {ORGANISATIONS}"
OF_OUR_AGREEMENT = (
    "exists (select from known_agreements where known_agreements.agreement_id = session_agreements.agreement_id)"
)


def upgrade() -> None:
    """Create the tables; the sides of an agreement see it and which sessions are held under it."""
    execute_all(op, "activities", DDL)
    protect(op, "activities", "known_agreements", also_visible=A_SIDE_OF_IT, audited_by=None)
    protect(op, "activities", "session_agreements", also_visible=OF_OUR_AGREEMENT, audited_by="session_id")
