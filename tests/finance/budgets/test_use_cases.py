from __future__ import annotations

from datetime import date

import pytest

from common.ids import new_id
from common.testing import deliver, published
from finance.budgets import queries
from finance.budgets.domain import BudgetExists, LineKind, PlannedLine, SpendingIsReversed
from finance.budgets.use_cases import (
    BudgetPlan,
    NewSpending,
    change_plan,
    plan_budget,
    reverse_spending,
    spend,
)
from finance.ledger.domain import BookedInTheFuture
from finance.run_consumer import CHARGES
from tests.finance.events import Order, Workshop
from tests.finance.invariants import find_broken, read_rows, see_all

INCOME = PlannedLine(LineKind.income, "Participations", 1000)
EXPENSE = PlannedLine(LineKind.expense, "Matériel", 500)


def plan(workshop: Workshop, *lines: PlannedLine) -> BudgetPlan:
    return BudgetPlan(workshop.organiser_id, workshop.activity_id, "Cirque", 2026, "EUR", lines)


def order(workshop: Workshop, *prices: int) -> Order:
    return Order.of(workshop, "household", new_id(), workshop.organiser_id, *prices)


async def announced(session):
    return [(event.line, event.threshold_percent, event.reached_minor) for event in await published(session)]


async def test_thresholds_are_announced_once_also_when_passed_again(worker, organisation_id):
    workshop = Workshop(organisation_id)
    await see_all(worker, [organisation_id])
    await plan_budget(worker, plan(workshop, INCOME))
    first, second = order(workshop, 790), order(workshop, 10)
    await deliver(worker, CHARGES, first.confirmed())
    assert await announced(worker) == []
    await deliver(worker, CHARGES, second.confirmed())
    assert await announced(worker) == [("income", 80, 800)]
    await deliver(worker, CHARGES, second.cancelled({0: 10}))
    await deliver(worker, CHARGES, order(workshop, 400).confirmed())
    assert await announced(worker) == [("income", 80, 800), ("income", 100, 1190)]
    versions = [event.version for event in await published(worker)]
    assert versions == sorted(set(versions))


async def test_only_the_organisers_share_counts_in_its_budget(worker, organisation_id):
    co_host_id = new_id()
    workshop = Workshop(organisation_id, ((co_host_id, 5000),))
    await see_all(worker, [organisation_id])
    await plan_budget(worker, plan(workshop, INCOME))
    await deliver(worker, CHARGES, order(workshop, 1000).confirmed())
    assert await announced(worker) == []
    rows = await read_rows(worker, [organisation_id, co_host_id])
    assert find_broken(rows) == []
    assert {budget["organisation_id"]: budget["promised_minor"] for budget in rows["budgets"]} == {
        organisation_id: 500,
        co_host_id: 500,
    }


async def test_a_stub_made_by_bookings_becomes_the_budget(worker, organisation_id):
    workshop = Workshop(organisation_id)
    await deliver(worker, CHARGES, order(workshop, 900).confirmed())
    assert await announced(worker) == []
    budget = await plan_budget(worker, plan(workshop, INCOME))
    assert (budget.promised_minor, budget.planned_income_minor) == (900, 1000)
    assert await announced(worker) == [("income", 80, 900)]
    with pytest.raises(BudgetExists):
        await plan_budget(worker, plan(workshop, INCOME))


async def test_a_smaller_plan_may_be_reached_at_once(worker, organisation_id):
    workshop = Workshop(organisation_id)
    await see_all(worker, [organisation_id])
    budget = await plan_budget(worker, plan(workshop, INCOME))
    await deliver(worker, CHARGES, order(workshop, 500).confirmed())
    budget = await queries.lock_budget(worker, budget.id)
    await change_plan(worker, budget, None, [PlannedLine(LineKind.income, "Moins", 600)])
    assert await announced(worker) == [("income", 80, 500)]


async def test_a_spending_is_booked_and_taken_back_once(acting, organisation_id):
    async with acting(organisation_id) as session:
        budget = await plan_budget(session, plan(Workshop(organisation_id), EXPENSE))
        spending = await spend(session, budget, NewSpending(400, "Balles", date(2026, 10, 1)))
        assert await announced(session) == [("expense", 80, 400)]
        rows = await read_rows(session, [organisation_id])
        assert find_broken(rows) == []
        assert {line["account"]: line["amount_minor"] for line in rows["entry_lines"]} == {
            "expense_activity": 400,
            "bank": -400,
        }
        await reverse_spending(session, budget, spending, "Facture annulée")
        rows = await read_rows(session, [organisation_id])
        assert find_broken(rows) == []
        assert sum(line["amount_minor"] for line in rows["entry_lines"] if line["account"] == "bank") == 0
        with pytest.raises(SpendingIsReversed):
            await reverse_spending(session, budget, spending, "Encore")


async def test_nothing_is_spent_in_the_future(acting, organisation_id):
    async with acting(organisation_id) as session:
        budget = await plan_budget(session, plan(Workshop(organisation_id), EXPENSE))
        with pytest.raises(BookedInTheFuture):
            await spend(session, budget, NewSpending(1, "Demain", date(2999, 1, 1)))
