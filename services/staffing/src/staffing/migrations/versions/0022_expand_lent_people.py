"""Who has lent a person, and what another association owes for an hour of lent people."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0022"
down_revision = "0021"

DDL = (
    "alter table people add column lent_by_organisation_id uuid",
    "alter table hour_terms add column lent_hour_price_minor bigint not null default 0",
    "alter table worked_hours add column lent_price_minor bigint not null default 0",
    # The price alone: what the lender gives its own volunteers stays its own.
    """create function lent_hour_price(lender uuid, day date) returns table (price_minor bigint, currency text)
        language sql stable security definer set search_path = public as $$
        select t.lent_hour_price_minor, t.currency from hour_terms t
         where t.organisation_id = lender and t.valid_from <= day and (t.valid_to is null or t.valid_to >= day) $$""",
    "revoke all on function lent_hour_price(uuid, date) from public",
    "grant execute on function lent_hour_price(uuid, date) to {service}_api, {service}_worker",
)


def upgrade() -> None:
    """Add them; lent people cost nothing until their association says so."""
    execute_all(op, "staffing", DDL)
