"""Logos of organisations."""

from __future__ import annotations

from alembic import op

from access.row_policies import EVERYBODY, protect
from common.migrating import execute_all

revision = "0015"
down_revision = "0014"

TABLE = (
    """create table logos (
        organisation_id uuid not null, version bigint not null, digest text not null, content bytea not null,
        changed_at timestamptz not null,
        constraint logos_pkey primary key (organisation_id),
        constraint logos_organisation_id_fkey foreign key (organisation_id) references organisations (id))""",
)


def upgrade() -> None:
    """Everybody sees a logo, as the name of its organisation."""
    execute_all(op, "partners", TABLE)
    protect(op, "partners", "logos", also_visible=EVERYBODY, audited_by="organisation_id")
