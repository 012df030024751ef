"""The extra cost of an absence is spent in the activity's budget, and taken back when the substitute does not come."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common import clock
from finance.budgets.queries import lock_budget, lock_spending
from finance.budgets.use_cases import NewSpending, lock_or_begin_budget, reverse_spending, spend
from finance.ledger.domain import Account
from finance.ledger.queries import get_today
from finance.substitutes import queries
from finance.substitutes.domain import ExtraCost
from finance.substitutes.tables import SubstituteCost

TAKEN_BACK = "the substitute was released"


async def book_extra_cost(session: AsyncSession, cost: ExtraCost) -> None:
    """Spend it today in the budget of the activity's year; an assignment is booked once."""
    if await queries.lock_cost(session, cost.assignment_id) is not None:
        return
    budget = await lock_or_begin_budget(
        session, cost.organisation_id, cost.activity_id, cost.title, cost.day.year, cost.currency
    )
    today = await get_today(session, cost.organisation_id, clock.now())
    spending = await spend(
        session, budget, NewSpending(cost.amount_minor, cost.label, today), owed_on=Account.payable_people
    )
    booked = SubstituteCost(
        assignment_id=cost.assignment_id,
        organisation_id=cost.organisation_id,
        version=cost.version,
        budget_id=budget.id,
        spending_id=spending.id,
    )
    session.add(booked)
    await session.flush()


async def take_back_extra_cost(session: AsyncSession, assignment_id: UUID, version: int) -> None:
    """Reverse what was spent for an assignment; without a spending, or a second time, it changes nothing."""
    booked = await queries.lock_cost(session, assignment_id)
    if booked is None or booked.version >= version:
        return
    booked.version = version
    budget = await lock_budget(session, booked.budget_id)
    spending = await lock_spending(session, booked.budget_id, booked.spending_id)
    if budget is not None and spending is not None and spending.reversal_entry_id is None:
        await reverse_spending(session, budget, spending, TAKEN_BACK)
    await session.flush()
