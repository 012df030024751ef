"""People of other associations as candidates, for as long as their passports are open."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0014"
down_revision = "0013"

DDL = (
    "alter table substitute_requests alter column absent_person_id drop not null",
    # Only open passports, of people whom the asking association does not know yet. Leave is answered as times on the
    # clock of the home association; who asks never learns whether somebody works or is away.
    """create function candidates_elsewhere(asking uuid, from_at timestamptz, until_at timestamptz)
        returns table (person_id uuid, organisation_id uuid, display_name text, has_account boolean, papers jsonb,
                       windows jsonb, busy jsonb, away jsonb)
        language sql stable security definer set search_path = public as $$
        select p.id, p.organisation_id, p.display_name, p.account_subject is not null,
               (select coalesce(jsonb_agg(jsonb_build_object('kind', q.kind, 'issued_on', q.issued_on,
                                                             'expires_on', q.expires_on)), '[]')
                  from qualifications q where q.person_id = p.id and q.is_verified),
               (select coalesce(jsonb_agg(jsonb_build_object('weekday', w.weekday, 'from_minute', w.from_minute,
                        'to_minute', w.to_minute, 'kind', w.kind, 'valid_from', w.valid_from,
                        'valid_to', w.valid_to)), '[]')
                  from availabilities w where w.person_id = p.id),
               (select coalesce(jsonb_agg(jsonb_build_object('starts_at', a.starts_at, 'ends_at', a.ends_at)), '[]')
                  from assignments a
                 where a.human_id = p.human_id and a.state in ('held', 'assigned')
                   and a.starts_at < until_at and a.ends_at > from_at),
               (select coalesce(jsonb_agg(jsonb_build_object('starts_on', l.starts_on, 'ends_on', l.ends_on)), '[]')
                  from leaves l join people r on r.id = l.person_id
                 where r.human_id = p.human_id and l.state = 'approved'
                   and l.starts_on <= until_at::date + 1 and l.ends_on >= from_at::date - 1)
          from opened_passports() o join people p on p.id = o.person_id
         where asking = any((select app_organisations())::uuid[])
           and p.organisation_id <> asking
           and exists (select from known_organisations here join known_organisations home
                           on here.federation_ids && home.federation_ids
                        where here.organisation_id = asking and home.organisation_id = p.organisation_id)
           and not exists (select from people here where here.organisation_id = asking and here.human_id = p.human_id)
         order by p.id $$""",
    "revoke all on function candidates_elsewhere(uuid, timestamptz, timestamptz) from public",
    "grant execute on function candidates_elsewhere(uuid, timestamptz, timestamptz) to {service}_api",
)


def upgrade() -> None:
    """Create the function; a search need not be for somebody who is absent."""
    execute_all(op, "staffing", DDL)
