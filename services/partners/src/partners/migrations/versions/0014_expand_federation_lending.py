"""What the associations of a federation lend each other, as sums that no row policy would allow."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0014"
down_revision = "0013"

FUNCTION = (
    # Sums only, per owner, lodger and currency; whether the caller may ask is decided by the route.
    """create function lending_of_federation(federation uuid, starts_from timestamptz, starts_before timestamptz)
        returns table (owner_id uuid, lodger_id uuid, reservations bigint, minutes bigint, price_minor bigint,
            currency text)
        language sql stable security definer set search_path = public as $$
        select reservation.organisation_id, reservation.reserved_by_organisation_id, count(*),
               round(sum(extract(epoch from reservation.ends_at - reservation.starts_at)) / 60)::bigint,
               sum(reservation.price_minor)::bigint, reservation.currency
          from reservations reservation
          join organisations owner on owner.id = reservation.organisation_id
          join organisations lodger on lodger.id = reservation.reserved_by_organisation_id
         where federation = any(owner.federation_ids) and federation = any(lodger.federation_ids)
           and owner.id <> lodger.id and reservation.state = 'confirmed'
           and reservation.starts_at >= lending_of_federation.starts_from
           and reservation.starts_at < lending_of_federation.starts_before
         group by reservation.organisation_id, reservation.reserved_by_organisation_id, reservation.currency $$""",
    "revoke all on function lending_of_federation(uuid, timestamptz, timestamptz) from public",
    "grant execute on function lending_of_federation(uuid, timestamptz, timestamptz) to {service}_api",
)


def upgrade() -> None:
    """Create the function."""
    execute_all(op, "partners", FUNCTION)
