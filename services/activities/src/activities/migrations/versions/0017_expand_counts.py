"""The counts of a federation from the places that are taken, not from every booking again."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"

# Counts only, per association; whether the caller may ask is decided by the route.
FUNCTION = """
    create or replace function count_of_federation(federation uuid, starts_from timestamptz, starts_before timestamptz)
      returns table (organisation_id uuid, sessions bigint, cancelled bigint, capacity bigint, booked bigint,
                     marked bigint, present bigint)
    language sql stable security definer set search_path = public as $$
    with held as (
      select session.id, session.organisation_id, session.state = 'cancelled' as is_cancelled
        from sessions session
        join activities activity on activity.id = session.activity_id and activity.published
        join known_organisations organiser on organiser.organisation_id = session.organisation_id
       where federation = any(organiser.federation_ids)
         and session.starts_at >= count_of_federation.starts_from
         and session.starts_at < count_of_federation.starts_before)
    select held.organisation_id, count(*) filter (where not is_cancelled), count(*) filter (where is_cancelled),
           coalesce(sum(places.capacity) filter (where not is_cancelled), 0)::bigint,
           coalesce(sum(places.taken) filter (where not is_cancelled), 0)::bigint,
           coalesce(sum(seen.marked) filter (where not is_cancelled), 0)::bigint,
           coalesce(sum(seen.present) filter (where not is_cancelled), 0)::bigint
      from held
      join session_places places on places.session_id = held.id
      cross join lateral (
        select count(*) as marked, count(*) filter (where mark.state = 'present') as present
          from attendance_marks mark where mark.session_id = held.id) seen
     group by held.organisation_id $$"""


def upgrade() -> None:
    """Give the function another body; places that are offered count as taken from now on."""
    op.execute(FUNCTION)
