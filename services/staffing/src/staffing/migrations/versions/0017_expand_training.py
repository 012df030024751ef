"""Training that gives or renews a paper."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0017"
down_revision = "0016"

OWN_PEOPLE = "(select app_own_people())::uuid[]"
OWN_ASSOCIATIONS = "(select app_own_associations())::uuid[]"

DDL = (
    """create table trainings (
        id uuid primary key, organisation_id uuid not null, version bigint not null, state text not null,
        title text not null, kind text not null, issuer text not null, starts_at timestamptz not null,
        ends_at timestamptz not null, time_zone text not null, places integer not null, valid_months integer,
        constraint trainings_times_check check (ends_at > starts_at),
        constraint trainings_places_check check (places > 0))""",
    "create index trainings_organisation_id_id_index on trainings (organisation_id, id)",
    """create table trainees (
        training_id uuid not null references trainings, person_id uuid not null references people,
        organisation_id uuid not null, state text not null, qualification_id uuid,
        primary key (training_id, person_id))""",
    "create index trainees_person_id_index on trainees (person_id)",
)


def upgrade() -> None:
    """Create the tables; who works here sees the trainings, and of those who take part himself."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "trainings", also_visible=f"organisation_id = any({OWN_ASSOCIATIONS})")
    protect(op, "staffing", "trainees", also_visible=f"person_id = any({OWN_PEOPLE})", audited_by="training_id")
