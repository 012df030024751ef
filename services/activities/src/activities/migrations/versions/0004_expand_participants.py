"""Households, the people who take part, and the contacts who answer for them."""

from __future__ import annotations

from alembic import op

from access.row_policies import PERSONS, protect
from common.migrating import execute_all

revision = "0004"
down_revision = "0003"

TABLES = (
    """create table households (
        id uuid not null, organisation_id uuid not null, version bigint not null default 1, name text not null,
        created_at timestamptz not null default now(),
        constraint households_pkey primary key (id))""",
    "create index households_organisation_id_id_index on households (organisation_id, id)",
    """create table participants (
        id uuid not null, organisation_id uuid not null, household_id uuid, version bigint not null default 1,
        given_name text not null, family_name text not null, born_on date,
        created_at timestamptz not null default now(),
        constraint participants_pkey primary key (id),
        constraint participants_household_id_fkey foreign key (household_id) references households (id))""",
    "create index participants_organisation_id_id_index on participants (organisation_id, id)",
    "create index participants_household_id_index on participants (household_id)",
    """create table contacts (
        id uuid not null, organisation_id uuid not null, household_id uuid not null, version bigint not null default 1,
        display_name text not null, email text, language text not null, account_issuer text, account_subject text,
        link_code_digest bytea, link_code_expires_at timestamptz, created_at timestamptz not null default now(),
        constraint contacts_pkey primary key (id),
        constraint contacts_household_id_fkey foreign key (household_id) references households (id),
        constraint contacts_language_check check (language in ('fr', 'nl', 'de', 'en')))""",
    "create index contacts_organisation_id_id_index on contacts (organisation_id, id)",
    "create index contacts_household_id_index on contacts (household_id)",
    "create unique index contacts_link_code_digest_index on contacts (link_code_digest)",
    # Whoever has the code may not see the contact yet: the function tells only whose code it is.
    """create function contact_of_link_code(digest bytea) returns table (contact_id uuid, organisation_id uuid)
        language sql stable security definer set search_path = public as $$
        select id, contacts.organisation_id from contacts
         where link_code_digest = digest and link_code_expires_at > now() $$""",
    "revoke all on function contact_of_link_code(bytea) from public",
    "grant execute on function contact_of_link_code(bytea) to {service}_api",
)


def upgrade() -> None:
    """Create the tables; an account sees the persons that it answers for. Organisers follow with the bookings."""
    execute_all(op, "activities", TABLES)
    protect(op, "activities", "households", also_visible=f"id = any({PERSONS})")
    protect(op, "activities", "participants", also_visible=f"id = any({PERSONS}) or household_id = any({PERSONS})")
    protect(op, "activities", "contacts", also_visible=f"household_id = any({PERSONS})")
