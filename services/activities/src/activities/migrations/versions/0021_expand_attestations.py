"""Attestations of attendance that families ask for."""

from __future__ import annotations

from alembic import op

from access.row_policies import PERSONS, protect
from common.migrating import execute_all

revision = "0021"
down_revision = "0020"

TABLES = (
    """create table attestations (
        id uuid not null, organisation_id uuid not null, participant_id uuid not null, organiser_id uuid not null,
        year bigint not null, language text not null, facts jsonb not null,
        asked_at timestamptz not null default now(), made_at timestamptz, pdf bytea,
        constraint attestations_pkey primary key (id),
        constraint attestations_participant_id_fkey foreign key (participant_id) references participants (id),
        constraint attestations_made_check check ((pdf is null) = (made_at is null)),
        constraint attestations_language_check check (language in ('fr', 'nl', 'de', 'en')))""",
    "create index attestations_organisation_id_id_index on attestations (organisation_id, id)",
    "create index attestations_participant_id_id_index on attestations (participant_id, id)",
)
OF_OWN_PERSONS = (
    f"participant_id = any({PERSONS}) or exists"
    f" (select from participants where participants.id = participant_id and household_id = any({PERSONS}))"
)


def upgrade() -> None:
    """Create the table; a family reads its own."""
    execute_all(op, "activities", TABLES)
    protect(op, "activities", "attestations", also_visible=OF_OWN_PERSONS)
