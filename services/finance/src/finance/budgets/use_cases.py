"""Planning an activity's money, counting what comes in and goes out, and telling when a threshold is reached."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip
from sqlalchemy.ext.asyncio import AsyncSession

from common import clock
from common.ids import new_id
from common.outbox import publish
from contracts.finance import BudgetThresholdReached
from finance.budgets import queries
from finance.budgets.domain import (
    BudgetExists,
    Income,
    LineKind,
    PlannedLine,
    Progress,
    SpendingIsReversed,
    new_thresholds,
    planned_total,
    sum_by_budget,
)
from finance.budgets.tables import Budget, BudgetLine, Spending
from finance.ledger import queries as ledger_queries
from finance.ledger import use_cases as ledger
from finance.ledger.domain import Account, Entry, EntryKind, Line

# The main clause of a statement: adds what charges changed and makes stubs where there is no budget. Rows are taken in
# one order, so that two transactions never wait for each other, and are locked from here on.
COUNTING = """insert into budgets (id, organisation_id, activity_id, activity_title, year, currency,
                        promised_minor, earned_minor, changed_at)
    select id, organisation_id, activity_id, activity_title, year, currency, promised_minor, earned_minor, :now
      from jsonb_to_recordset(cast(:incomes as jsonb)) as i(
           id uuid, organisation_id uuid, activity_id uuid, activity_title text, year bigint, currency text,
           promised_minor bigint, earned_minor bigint)
     order by organisation_id, activity_id, year, currency
    on conflict (organisation_id, activity_id, year, currency) do update
       set promised_minor = budgets.promised_minor + excluded.promised_minor,
           earned_minor = budgets.earned_minor + excluded.earned_minor,
           changed_at = excluded.changed_at
    returning id, organisation_id, activity_id, activity_title, year, currency, planned_income_minor,
              planned_expense_minor, promised_minor, earned_minor, spent_minor, reached_thresholds, version"""


@dataclass(frozen=True)
class BudgetPlan:
    """What is planned for an activity in a year."""

    organisation_id: UUID
    activity_id: UUID
    activity_title: str
    year: int
    currency: str
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True)
class NewSpending:
    """Money spent."""

    amount_minor: int
    label: str
    spent_on: date


@dataclass(frozen=True)
class _Reading:
    """The columns of a budget that thresholds depend on, as a statement returned them under its lock."""

    id: UUID
    organisation_id: UUID
    activity_id: UUID
    activity_title: str
    year: int
    currency: str
    planned_income_minor: int
    planned_expense_minor: int
    promised_minor: int
    earned_minor: int
    spent_minor: int
    reached_thresholds: Sequence[str]
    version: int


def counting_values(incomes: Sequence[Income]) -> dict[str, str]:
    """The parameters of COUNTING beside `now`."""
    rows = [{"id": new_id(), **income.__dict__} for income in sum_by_budget(incomes)]
    return {"incomes": json.dumps(rows, default=str)}


async def announce_counted(session: AsyncSession, counted: Sequence[Row[Any]]) -> None:
    """Announce the thresholds that the rows returned by COUNTING reach for the first time."""
    for row in counted:
        await _announce_thresholds(session, _Reading(**row._mapping))


def progresses(budget: Budget | _Reading) -> list[Progress]:
    """Both sides of a budget: income counts as reached when it is promised or earned, expense when it is spent."""
    return [
        Progress(LineKind.income, budget.planned_income_minor, budget.promised_minor + budget.earned_minor),
        Progress(LineKind.expense, budget.planned_expense_minor, budget.spent_minor),
    ]


async def _announce_thresholds(session: AsyncSession, budget: Budget | _Reading) -> None:
    """Publish what is reached for the first time; the budget is locked and remembers it."""
    reached = new_thresholds(progresses(budget), budget.reached_thresholds)
    if not reached:
        return
    names = [*budget.reached_thresholds, *(threshold.name for threshold in reached)]
    version = budget.version
    for threshold in reached:
        version += 1
        event = BudgetThresholdReached(
            organisation_id=budget.organisation_id,
            budget_id=budget.id,
            version=version,
            activity_id=budget.activity_id,
            activity_title=budget.activity_title,
            year=budget.year,
            line=threshold.progress.kind.value,
            threshold_percent=threshold.percent,
            planned_minor=threshold.progress.planned_minor,
            reached_minor=threshold.progress.reached_minor,
            currency=budget.currency,
        )
        await publish(session, event)
    changed = {"reached_thresholds": names, "version": version}
    await session.execute(update(Budget).where(Budget.id == budget.id).values(changed))


async def plan_budget(session: AsyncSession, plan: BudgetPlan) -> Budget:
    """Plan an activity's year; a stub that bookings made becomes the budget. Raises BudgetExists."""
    budget = await queries.lock_budget_of(
        session, plan.organisation_id, plan.activity_id, plan.year, plan.currency
    )  # fmt: skip
    if budget is not None and budget.planned_at is not None:
        raise BudgetExists(f"The activity has a budget for {plan.year} in {plan.currency}.")
    if budget is None:
        budget = Budget(
            id=new_id(),
            organisation_id=plan.organisation_id,
            activity_id=plan.activity_id,
            year=plan.year,
            currency=plan.currency,
            promised_minor=0,
            earned_minor=0,
            spent_minor=0,
            reached_thresholds=[],
            version=0,
        )
        session.add(budget)
    budget.planned_at = clock.now()
    await _write_plan(session, budget, plan.activity_title, plan.lines)
    return budget


async def change_plan(
    session: AsyncSession, budget: Budget, activity_title: str | None, lines: Sequence[PlannedLine]
) -> None:
    """Replace the planned lines of a locked budget."""
    budget.planned_at = budget.planned_at or clock.now()
    await _write_plan(session, budget, activity_title or budget.activity_title, lines)


async def _write_plan(session: AsyncSession, budget: Budget, title: str, lines: Sequence[PlannedLine]) -> None:
    budget.activity_title = title
    budget.planned_income_minor = planned_total(lines, LineKind.income)
    budget.planned_expense_minor = planned_total(lines, LineKind.expense)
    budget.version += 1
    budget.changed_at = clock.now()
    await session.flush()
    await session.execute(delete(BudgetLine).where(BudgetLine.budget_id == budget.id))
    for line in lines:
        values = {"id": new_id(), "organisation_id": budget.organisation_id, "budget_id": budget.id}
        await session.execute(insert(BudgetLine).values({**values, **asdict(line)}))
    await _announce_and_refresh(session, budget)


async def lock_or_begin_budget(
    session: AsyncSession, organisation_id: UUID, activity_id: UUID, activity_title: str, year: int, currency: str
) -> Budget:
    """The budget of an activity in a year, locked; where there is none, a stub that somebody may plan later."""
    stub = insert_or_skip(Budget).values(
        id=new_id(),
        organisation_id=organisation_id,
        activity_id=activity_id,
        activity_title=activity_title,
        year=year,
        currency=currency,
        changed_at=clock.now(),
    )
    await session.execute(stub.on_conflict_do_nothing())
    return await queries.lock_begun_budget_of(session, organisation_id, activity_id, year, currency)


async def spend(
    session: AsyncSession, budget: Budget, spending: NewSpending, owed_on: Account = Account.bank
) -> Spending:
    """Record and book money spent for a locked budget, paid from the bank or owed on another account."""
    await ledger.check_day(session, budget.organisation_id, spending.spent_on)
    entry = Entry(
        id=new_id(),
        organisation_id=budget.organisation_id,
        kind=EntryKind.spending,
        description=f"{budget.activity_title}: {spending.label}",
        lines=(
            Line(Account.expense_activity, spending.amount_minor, budget.currency),
            Line(owed_on, -spending.amount_minor, budget.currency),
        ),
        booked_on=spending.spent_on,
    )
    await ledger.post_entries(session, [entry])
    row = Spending(
        id=new_id(),
        organisation_id=budget.organisation_id,
        budget_id=budget.id,
        entry_id=entry.id,
        recorded_at=clock.now(),
        **asdict(spending),
    )
    session.add(row)
    budget.spent_minor += spending.amount_minor
    await _announce_and_refresh(session, budget)
    return row


async def reverse_spending(session: AsyncSession, budget: Budget, spending: Spending, reason: str) -> None:
    """Take a spending of a locked budget back by a reversal in the book. Raises SpendingIsReversed."""
    if spending.reversal_entry_id is not None:
        raise SpendingIsReversed("The spending was taken back before.")
    original = await ledger_queries.get_entry(session, spending.entry_id)
    reversal = await ledger.reverse_entry(session, original, reason)
    spending.reversal_entry_id = reversal.id
    budget.spent_minor -= spending.amount_minor
    await session.flush()


async def _announce_and_refresh(session: AsyncSession, budget: Budget) -> None:
    await session.flush()
    await _announce_thresholds(session, budget)
    await session.refresh(budget)
