"""Documents of people, and what they say about the association."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0015"
down_revision = "0014"

OWN_PEOPLE = "(select app_own_people())::uuid[]"

DDL = (
    """create table employer_details (
        organisation_id uuid primary key, version bigint not null, legal_name text not null, legal_form text not null,
        enterprise_number text not null, address text not null, social_purpose text not null,
        contact_name text not null, contact_role text not null, insurer_name text not null,
        policy_number text not null, accident_insurer_name text, accident_policy_number text,
        is_confidential boolean not null)""",
    """create table documents (
        id uuid primary key, organisation_id uuid not null, person_id uuid not null references people,
        version bigint not null, kind text not null, language text not null, state text not null,
        facts jsonb not null, starts_on date not null, ends_on date, made_on date, handed_over_on date,
        signed_on date, pdf bytea,
        constraint documents_made_check check ((pdf is null) = (state = 'asked' or made_on is null)))""",
    "create index documents_organisation_id_id_index on documents (organisation_id, id)",
    "create index documents_person_id_index on documents (person_id)",
)


def upgrade() -> None:
    """Create the tables; everybody reads his own documents."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "employer_details", audited_by="organisation_id")
    protect(op, "staffing", "documents", also_visible=f"person_id = any({OWN_PEOPLE})")
