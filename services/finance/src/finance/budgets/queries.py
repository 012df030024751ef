"""What budgets are asked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from finance.budgets.tables import Budget, BudgetLine, Spending


async def find_budget(session: AsyncSession, budget_id: UUID) -> Budget | None:
    """A budget that the transaction may see."""
    return await session.get(Budget, budget_id)


async def lock_budget(session: AsyncSession, budget_id: UUID) -> Budget | None:
    """The budget, for nobody else to change until the end of the transaction."""
    question = select(Budget).where(Budget.id == budget_id).with_for_update()
    return (await session.scalars(question.execution_options(populate_existing=True))).one_or_none()


async def lock_budget_of(
    session: AsyncSession, organisation_id: UUID, activity_id: UUID, year: int, currency: str
) -> Budget | None:
    """The budget of an activity in a year, for nobody else to change until the end of the transaction."""
    question = _budget_of(organisation_id, activity_id, year, currency)
    return (await session.scalars(question.with_for_update())).one_or_none()


async def lock_begun_budget_of(
    session: AsyncSession, organisation_id: UUID, activity_id: UUID, year: int, currency: str
) -> Budget:
    """The same where this transaction has made sure that there is one. Raises NoResultFound."""
    question = _budget_of(organisation_id, activity_id, year, currency)
    return (await session.scalars(question.with_for_update().execution_options(populate_existing=True))).one()


def _budget_of(organisation_id: UUID, activity_id: UUID, year: int, currency: str) -> Select[Budget]:
    return select(Budget).where(
        Budget.organisation_id == organisation_id,
        Budget.activity_id == activity_id,
        Budget.year == year,
        Budget.currency == currency,
    )


async def list_budgets(
    session: AsyncSession,
    *,
    organisation_id: UUID | None,
    activity_id: UUID | None,
    year: int | None,
    after_id: UUID | None,
    limit: int,
) -> Sequence[Budget]:
    """Budgets in the order in which they were made, one more than `limit` when there are more."""
    question = select(Budget).order_by(Budget.id).limit(limit + 1)
    if organisation_id is not None:
        question = question.where(Budget.organisation_id == organisation_id)
    if activity_id is not None:
        question = question.where(Budget.activity_id == activity_id)
    if year is not None:
        question = question.where(Budget.year == year)
    if after_id is not None:
        question = question.where(Budget.id > after_id)
    return (await session.scalars(question)).all()


async def list_lines(session: AsyncSession, budget_ids: Sequence[UUID]) -> dict[UUID, list[BudgetLine]]:
    """The planned lines of some budgets, in the order in which they were written."""
    question = select(BudgetLine).where(BudgetLine.budget_id.in_(budget_ids)).order_by(BudgetLine.id)
    lines: dict[UUID, list[BudgetLine]] = {budget_id: [] for budget_id in budget_ids}
    for line in await session.scalars(question):
        lines[line.budget_id].append(line)
    return lines


async def lock_spending(session: AsyncSession, budget_id: UUID, spending_id: UUID) -> Spending | None:
    """A spending of the budget, for nobody else to change until the end of the transaction."""
    question = select(Spending).where(Spending.id == spending_id, Spending.budget_id == budget_id)
    return (await session.scalars(question.with_for_update())).one_or_none()


async def list_spendings(
    session: AsyncSession, budget_id: UUID, after_id: UUID | None, limit: int
) -> Sequence[Spending]:
    """Spendings in the order in which they were recorded, one more than `limit` when there are more."""
    question = select(Spending).where(Spending.budget_id == budget_id).order_by(Spending.id).limit(limit + 1)
    if after_id is not None:
        question = question.where(Spending.id > after_id)
    return (await session.scalars(question)).all()
