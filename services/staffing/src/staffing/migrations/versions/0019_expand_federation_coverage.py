"""How well the sessions of a federation's associations are supervised, as counts that no row policy would allow."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0019"
down_revision = "0018"

FUNCTION = (
    # Counts only, per association; whether the caller may ask is decided by the route.
    """create function coverage_of_federation(federation uuid, starts_from timestamptz, starts_before timestamptz)
        returns table (organisation_id uuid, supervised bigint, short bigint)
        language sql stable security definer set search_path = public as $$
        select session.organisation_id, count(*), count(*) filter (where coverage.is_short)
          from known_sessions session
          join coverages coverage on coverage.session_id = session.session_id and coverage.supervisors_needed > 0
          join known_organisations organiser on organiser.organisation_id = session.organisation_id
         where federation = any(organiser.federation_ids) and session.state <> 'cancelled'
           and session.starts_at >= coverage_of_federation.starts_from
           and session.starts_at < coverage_of_federation.starts_before
         group by session.organisation_id $$""",
    "revoke all on function coverage_of_federation(uuid, timestamptz, timestamptz) from public",
    "grant execute on function coverage_of_federation(uuid, timestamptz, timestamptz) to {service}_api",
)


def upgrade() -> None:
    """Create the function."""
    execute_all(op, "staffing", FUNCTION)
