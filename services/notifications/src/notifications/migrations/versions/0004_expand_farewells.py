"""The last address of somebody who is erased, for the receipt and until it has left."""

from __future__ import annotations

from alembic import op

from access import erasing
from access.row_policies import protect
from common.migrating import execute_all

revision = "0004"
down_revision = "0003"

DDL = (
    """create table farewells (
        erasure_id uuid not null, organisation_id uuid not null, email text not null, language text not null,
        attempts bigint not null default 0, erased jsonb, kept jsonb, code text,
        created_at timestamptz not null default now(),
        constraint farewells_pkey primary key (erasure_id))""",
)


def upgrade() -> None:
    """Create the table, and let people be erased."""
    execute_all(op, "notifications", (*erasing.DDL, *DDL))
    protect(op, "notifications", "farewells", audited_by="erasure_id")
