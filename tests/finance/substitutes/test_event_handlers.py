"""What a costly substitute does to budget and book, each event delivered twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import apply_context, uuid_array
from common.testing import deliver, example
from contracts.event import Event
from contracts.staffing import ShiftAssigned, ShiftReleased
from finance.substitutes.event_handlers import SUBSTITUTES

ACTIVITY = UUID("0190b3c4-0030-7000-8000-000000000030")
COSTLY = example(ShiftAssigned, extra_cost_minor=8_400, currency="EUR", activity_id=ACTIVITY)
RELEASED = example(ShiftReleased, assignment_id=COSTLY.model_dump()["assignment_id"], version=3)
BUDGETS = text("select activity_id, year, currency, spent_minor, planned_at from budgets")
LINES = text(
    """select l.account, sum(l.amount_minor) from entry_lines l join entries e on e.id = l.entry_id
        where e.kind in ('spending', 'reversal') group by l.account"""
)


async def happen(worker: AsyncSession, *events: Event) -> None:
    for event in events:
        for _ in range(2):
            await deliver(worker, SUBSTITUTES, event)
    await apply_context(worker, {"app.organisations": uuid_array({COSTLY.organisation_id})})


async def rows(worker: AsyncSession, question: Any) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in await worker.execute(question)}


async def test_the_extra_cost_is_spent_in_the_activitys_budget_and_owed(worker: AsyncSession) -> None:
    await happen(worker, COSTLY)
    assert await rows(worker, BUDGETS) == {(ACTIVITY, 2026, "EUR", 8_400, None)}
    assert await rows(worker, LINES) == {("expense_activity", 8_400), ("payable_people", -8_400)}


async def test_a_substitute_who_is_released_costs_nothing(worker: AsyncSession) -> None:
    await happen(worker, COSTLY, RELEASED)
    assert {row[3] for row in await rows(worker, BUDGETS)} == {0}
    assert await rows(worker, LINES) == {("expense_activity", 0), ("payable_people", 0)}


@pytest.mark.parametrize(
    "changes", [{"extra_cost_minor": 0}, {"activity_id": None}, {"currency": None}], ids=lambda changes: str(*changes)
)
async def test_what_costs_nothing_or_has_no_activity_is_in_no_budget(
    worker: AsyncSession, changes: dict[str, Any]
) -> None:
    await happen(worker, COSTLY.model_copy(update=changes), RELEASED)
    assert await rows(worker, BUDGETS) == set()


async def test_another_shift_adds_to_the_same_budget(worker: AsyncSession) -> None:
    other = {"assignment_id": UUID(int=7), "shift_id": UUID(int=8), "extra_cost_minor": 600}
    await happen(worker, COSTLY, COSTLY.model_copy(update=other))
    assert {row[3] for row in await rows(worker, BUDGETS)} == {9_000}


async def test_every_chart_has_a_code_for_what_is_owed_to_people(worker: AsyncSession) -> None:
    codes = text("select count(*) from chart_accounts where account = 'payable_people'")
    assert await worker.scalar(codes) == 2
