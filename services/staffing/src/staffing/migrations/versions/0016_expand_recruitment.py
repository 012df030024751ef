"""Vacancies that everybody reads once published, and applications."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.database import ACTOR_SETTING
from common.migrating import execute_all

revision = "0016"
down_revision = "0015"

ACTOR = f"coalesce(current_setting('{ACTOR_SETTING}', true), '')"
APPLICANT = (
    f"(account_issuer = split_part({ACTOR}, '|', 1)"
    f" and account_subject = substr({ACTOR}, length(split_part({ACTOR}, '|', 1)) + 2))"
)

DDL = (
    """create table vacancies (
        id uuid primary key, organisation_id uuid not null, version bigint not null, state text not null,
        title text not null, description text not null, footing text not null, role text not null,
        required text[] not null, places integer not null, starts_on date not null, ends_on date, apply_until date,
        constraint vacancies_places_check check (places > 0),
        constraint vacancies_dates_check check (ends_on >= starts_on))""",
    "create index vacancies_organisation_id_id_index on vacancies (organisation_id, id)",
    """create table applications (
        id uuid primary key, organisation_id uuid not null, vacancy_id uuid not null references vacancies,
        version bigint not null, state text not null, account_issuer text, account_subject text, display_name text,
        email text, phone text, language text not null, message text, received_at timestamptz not null,
        interview_at timestamptz, decided_on date, because text, person_id uuid references people)""",
    "create index applications_vacancy_id_index on applications (vacancy_id)",
    "create unique index applications_account_key on applications (vacancy_id, account_issuer, account_subject)",
)


def upgrade() -> None:
    """Create the tables; an applicant reads his own application, for as long as his data are kept."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "vacancies", also_visible="state = 'published'")
    protect(op, "staffing", "applications", also_visible=APPLICANT)
