"""The budgets of a federation's associations as sums that no row policy would allow."""

from __future__ import annotations

from alembic import op

from common.migrating import execute_all

revision = "0009"
down_revision = "0008"

FUNCTION = (
    # Sums only, per association; whether the caller may ask is decided by the route.
    """create function budgets_of_federation(federation uuid, of_year bigint)
        returns table (organisation_id uuid, currency text, planned_income_minor bigint, promised_minor bigint,
                       earned_minor bigint, planned_expense_minor bigint, spent_minor bigint)
        language sql stable security definer set search_path = public as $$
        select budget.organisation_id, budget.currency, sum(budget.planned_income_minor)::bigint,
               sum(budget.promised_minor)::bigint, sum(budget.earned_minor)::bigint,
               sum(budget.planned_expense_minor)::bigint, sum(budget.spent_minor)::bigint
          from budgets budget
          join known_organisations owner on owner.organisation_id = budget.organisation_id
         where federation = any(owner.federation_ids) and budget.year = of_year
         group by budget.organisation_id, budget.currency $$""",
    "revoke all on function budgets_of_federation(uuid, bigint) from public",
    "grant execute on function budgets_of_federation(uuid, bigint) to {service}_api",
)


def upgrade() -> None:
    """Create the function."""
    execute_all(op, "finance", FUNCTION)
