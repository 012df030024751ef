"""The passport: what a person lets other associations of the federation know, for as long as he does."""

from __future__ import annotations

from alembic import op

from access.row_policies import protect
from common.migrating import execute_all

revision = "0013"
down_revision = "0012"

OWN_PEOPLE = "(select app_own_people())::uuid[]"

# A neighbour sees no row of the person: these functions answer with the columns that the consent covers, and no other,
# while it holds and only within a federation that both associations belong to.
DDL = (
    """create table passports (
        person_id uuid primary key references people, organisation_id uuid not null, version bigint not null,
        consented_at timestamptz not null, is_on_paper boolean not null, withdrawn_at timestamptz)""",
    """create function opened_passports() returns table (person_id uuid, organisation_id uuid, display_name text)
        language sql stable security definer set search_path = public as $$
        select p.id, p.organisation_id, p.display_name
          from passports c
          join people p on p.id = c.person_id and (p.ended_on is null or p.ended_on >= current_date)
          join known_organisations home on home.organisation_id = p.organisation_id
         where c.withdrawn_at is null
           and exists (select from known_organisations asking
                        where asking.organisation_id = any((select app_organisations())::uuid[])
                          and asking.organisation_id <> p.organisation_id
                          and asking.federation_ids && home.federation_ids) $$""",
    """create function passport_papers(person uuid)
        returns table (kind text, issuer text, issued_on date, expires_on date)
        language sql stable security definer set search_path = public as $$
        select q.kind, q.issuer, q.issued_on, q.expires_on from qualifications q
         where q.person_id = person and q.is_verified and person in (select o.person_id from opened_passports() o)
         order by q.kind, q.issued_on $$""",
    """create function passport_windows(person uuid) returns table (
        weekday smallint, from_minute smallint, to_minute smallint, kind text, valid_from date, valid_to date)
        language sql stable security definer set search_path = public as $$
        select a.weekday, a.from_minute, a.to_minute, a.kind, a.valid_from, a.valid_to from availabilities a
         where a.person_id = person and person in (select o.person_id from opened_passports() o)
         order by a.weekday, a.from_minute $$""",
    """create function passport_hours(person uuid) returns table (year integer, engagement text, minutes bigint)
        language sql stable security definer set search_path = public as $$
        select extract(year from h.worked_on)::integer, h.engagement, sum(h.minutes) from worked_hours h
         where h.person_id = person and h.state = 'approved'
           and person in (select o.person_id from opened_passports() o)
         group by 1, 2 order by 1, 2 $$""",
    """revoke all on function opened_passports(), passport_papers(uuid), passport_windows(uuid), passport_hours(uuid)
        from public""",
    """grant execute on function opened_passports(), passport_papers(uuid), passport_windows(uuid), passport_hours(uuid)
        to {service}_api""",
)


def upgrade() -> None:
    """Create the table; the consent itself is seen by the association and by the person."""
    execute_all(op, "staffing", DDL)
    protect(op, "staffing", "passports", also_visible=f"person_id = any({OWN_PEOPLE})", audited_by="person_id")
