"""People, when they are available and away, and their papers."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.database import ACTOR_SETTING
from common.migrating import execute_all

revision = "0005"
down_revision = "0004"

OWN_PEOPLE = "(select app_own_people())::uuid[]"
"""The records that the account of the transaction's actor is linked to."""

DDL = (
    """create table people (
        id uuid primary key, organisation_id uuid not null, human_id uuid not null, version bigint not null,
        kind text not null, display_name text not null, email text, phone text, language text not null,
        weekly_minutes_agreed bigint, started_on date not null, ended_on date,
        account_issuer text, account_subject text, link_code_digest bytea, link_code_expires_at timestamptz,
        constraint people_account_check check ((account_issuer is null) = (account_subject is null)),
        constraint people_dates_check check (ended_on >= started_on))""",
    "create index people_organisation_id_id_index on people (organisation_id, id)",
    "create index people_human_id_index on people (human_id)",
    "create unique index people_account_key on people (account_issuer, account_subject, organisation_id)",
    "create unique index people_link_code_digest_index on people (link_code_digest)",
    """create table availabilities (
        id uuid primary key, organisation_id uuid not null, person_id uuid not null references people,
        weekday smallint not null, from_minute smallint not null, to_minute smallint not null, kind text not null,
        valid_from date, valid_to date,
        constraint availabilities_weekday_check check (weekday between 0 and 6),
        constraint availabilities_minutes_check
            check (0 <= from_minute and from_minute < to_minute and to_minute <= 1440),
        constraint availabilities_dates_check check (valid_to >= valid_from))""",
    "create index availabilities_person_id_index on availabilities (person_id)",
    """create table leaves (
        id uuid primary key, organisation_id uuid not null, person_id uuid not null references people,
        version bigint not null, kind text not null, state text not null, starts_on date not null,
        ends_on date not null, constraint leaves_dates_check check (ends_on >= starts_on))""",
    "create index leaves_person_id_index on leaves (person_id)",
    "create index leaves_open_index on leaves (organisation_id, id) where state = 'requested'",
    """create table qualifications (
        id uuid primary key, organisation_id uuid not null, person_id uuid not null references people,
        version bigint not null, kind text not null, issuer text not null, issued_on date not null, expires_on date,
        is_verified boolean not null, constraint qualifications_dates_check check (expires_on >= issued_on))""",
    "create index qualifications_person_id_index on qualifications (person_id)",
    """create index qualifications_expires_on_index on qualifications (organisation_id, expires_on)
        where expires_on is not null""",
    # Whoever has the code may not see the person yet: the function tells only whose code it is.
    """create function person_of_link_code(digest bytea) returns table (person_id uuid, organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select id, people.organisation_id from people
         where link_code_digest = digest and link_code_expires_at > now() $$""",
    # With the owner's rights, because the policies of `people` themselves ask it.
    f"""create function app_own_people() returns uuid[]
        language sql stable security definer set search_path = public as $$
        select coalesce(array_agg(people.id), '{{}}')
          from (select coalesce(current_setting('{ACTOR_SETTING}', true), '') as name) as actor, people
         where account_issuer = split_part(actor.name, '|', 1)
           and account_subject = substr(actor.name, length(split_part(actor.name, '|', 1)) + 2) $$""",
    "revoke all on function person_of_link_code(bytea), app_own_people() from public",
    "grant execute on function person_of_link_code(bytea) to {service}_api",
    "grant execute on function app_own_people() to {service}_api, {service}_worker",
)


def upgrade() -> None:
    """Create the tables; beside the planners of the association everybody reads what is recorded of himself."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "people", also_visible=f"id = any({OWN_PEOPLE})")
    for table in ("availabilities", "leaves", "qualifications"):
        protect(op, "staffing", table, also_visible=f"person_id = any({OWN_PEOPLE})")
