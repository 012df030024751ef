"""What reservations of pooled resources do to the books, each event delivered twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import apply_context, uuid_array
from common.testing import deliver, example
from contracts.event import Event
from contracts.partners import ReservationConfirmed, ReservationReleased
from contracts.staffing import LentHoursApproved
from finance.lending.event_handlers import LENDING

CONFIRMED, RELEASED = example(ReservationConfirmed), example(ReservationReleased)
OWNER = CONFIRMED.organisation_id
LODGER: UUID = CONFIRMED.model_dump()["reserved_by_organisation_id"]
LINES = text(
    """select e.organisation_id, e.kind, l.account, l.amount_minor
         from entry_lines l join entries e on e.id = l.entry_id
        order by e.recorded_at, l.amount_minor"""
)
DEBTS = text("select debtor_id, creditor_id, amount_minor, quarter from settlement_lines order by id")


async def happen(worker: AsyncSession, *events: Event) -> None:
    for event in events:
        for _ in range(2):
            await deliver(worker, LENDING, event)
    await apply_context(worker, {"app.organisations": uuid_array({OWNER, LODGER})})


async def rows(worker: AsyncSession, question: Any) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in await worker.execute(question)}


async def sums(worker: AsyncSession) -> tuple[int, int]:
    """How many lines, and what they come to, between the two."""
    debts = [row.amount_minor for row in await worker.execute(DEBTS)]
    return len(debts), sum(debts)


async def test_the_lodger_owes_the_owner_the_price_in_both_books(worker: AsyncSession) -> None:
    await happen(worker, CONFIRMED)
    assert await rows(worker, LINES) == {
        (OWNER, "lending", "receivable_associations", 5_400),
        (OWNER, "lending", "income_lending", -5_400),
        (LODGER, "lending", "expense_lending", 5_400),
        (LODGER, "lending", "payable_associations", -5_400),
    }
    assert await rows(worker, DEBTS) == {(LODGER, OWNER, 5_400, "2026Q4")}


async def test_what_is_given_back_is_owed_no_more(worker: AsyncSession) -> None:
    await happen(worker, CONFIRMED, RELEASED)
    assert await sums(worker) == (2, 0)
    assert len(await rows(worker, LINES)) == 8


@pytest.mark.parametrize("late", [CONFIRMED, RELEASED])
async def test_a_release_that_comes_first_leaves_nothing_owed(worker: AsyncSession, late: Event) -> None:
    await happen(worker, RELEASED, late)
    assert await sums(worker) == (0, 0)


async def test_an_associations_own_use_is_no_debt(worker: AsyncSession) -> None:
    await happen(worker, example(ReservationConfirmed, reserved_by_organisation_id=OWNER))
    assert await sums(worker) == (0, 0)


async def test_every_book_has_codes_for_lending(worker: AsyncSession) -> None:
    accounts = "'income_lending', 'expense_lending', 'income_lent_people', 'expense_lent_people'"
    codes = text(f"select count(*) from chart_accounts where account in ({accounts})")
    assert await worker.scalar(codes) == 8


async def test_hours_of_lent_people_are_owed_to_who_lent_them(worker: AsyncSession) -> None:
    approved = example(LentHoursApproved)
    borrower, lender = approved.organisation_id, approved.model_dump()["lent_by_organisation_id"]
    await happen(worker, approved)
    await apply_context(worker, {"app.organisations": uuid_array({borrower, lender})})
    assert await rows(worker, LINES) == {
        (lender, "lending", "receivable_associations", 5_000),
        (lender, "lending", "income_lent_people", -5_000),
        (borrower, "lending", "expense_lent_people", 5_000),
        (borrower, "lending", "payable_associations", -5_000),
    }
    assert await rows(worker, DEBTS) == {(borrower, lender, 5_000, "2026Q4")}


async def test_people_lent_for_nothing_are_no_debt(worker: AsyncSession) -> None:
    await happen(worker, example(LentHoursApproved, amount_minor=0))
    assert await sums(worker) == (0, 0)
