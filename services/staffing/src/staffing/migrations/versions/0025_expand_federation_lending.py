"""Whom the associations of a federation lent each other, as sums that no row policy would allow."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0025"
down_revision = "0024"

FUNCTION = (
    # Sums only, per lender and host; whether the caller may ask is decided by the route, what is too few by the rule.
    """create function lending_of_federation(federation uuid, starts_from timestamptz, starts_before timestamptz)
        returns table (lender_id uuid, host_id uuid, people bigint, minutes bigint)
        language sql stable security definer set search_path = public as $$
        select person.lent_by_organisation_id, hours.organisation_id, count(distinct person.id), sum(hours.minutes)
          from worked_hours hours
          join people person on person.id = hours.person_id
          join known_organisations lender on lender.organisation_id = person.lent_by_organisation_id
          join known_organisations host on host.organisation_id = hours.organisation_id
         where federation = any(lender.federation_ids) and federation = any(host.federation_ids)
           and hours.state = 'approved'
           and hours.starts_at >= lending_of_federation.starts_from
           and hours.starts_at < lending_of_federation.starts_before
         group by person.lent_by_organisation_id, hours.organisation_id $$""",
    "revoke all on function lending_of_federation(uuid, timestamptz, timestamptz) from public",
    "grant execute on function lending_of_federation(uuid, timestamptz, timestamptz) to {service}_api",
)


def upgrade() -> None:
    """Create the function."""
    execute_all(op, "staffing", FUNCTION)
