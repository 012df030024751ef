"""The database itself keeps the books: each guard is seen to refuse, and what it guards is seen to break without it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import apply_context, organisation_context
from common.ids import new_id
from common.testing import rolled_back
from tests.finance.invariants import find_broken, read_rows

ENTRY = (
    "insert into entries (id, organisation_id, booked_on, kind, description, recorded_at)"
    " values (:id, :organisation_id, '2026-10-14', 'manual', 'test', now())"
)
LINES = (
    "insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency)"
    " values (:id, 1, :organisation_id, 'bank', 500, 'EUR'), (:id, 2, :organisation_id, 'cash', :credit, :currency)"
)
WHOLE = text(f"with entry as ({ENTRY}) {LINES}")


def values(organisation_id: UUID, credit: int = -500, currency: str = "EUR") -> dict[str, object]:
    return {"id": new_id(), "organisation_id": organisation_id, "credit": credit, "currency": currency}


async def refusal(session, statement, parameters=None) -> tuple[str, str]:
    """The SQL state and the constraint of a refused statement; the transaction goes on."""
    with pytest.raises(DBAPIError) as refused:
        async with session.begin_nested():
            await session.execute(text(statement) if isinstance(statement, str) else statement, parameters or {})
    error = refused.value.driver_exception
    return error.sqlstate, getattr(error, "constraint_name", None) or ""


async def test_a_balanced_entry_is_booked(acting, organisation_id):
    async with acting(organisation_id) as session:
        await session.execute(WHOLE, values(organisation_id))
        assert find_broken(await read_rows(session, [organisation_id])) == []


@pytest.mark.parametrize(("credit", "currency"), [(-499, "EUR"), (500, "EUR"), (-500, "CHF")])
async def test_an_entry_that_does_not_balance_is_refused(acting, organisation_id, credit, currency):
    async with acting(organisation_id) as session:
        refused = await refusal(session, WHOLE, values(organisation_id, credit, currency))
        assert refused == ("23514", "entry_lines_balanced_check")


LATER = (
    "insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency)"
    " select :id, 10 + number, :organisation_id, 'bank', amount, currency"
    "   from unnest(cast(:amounts as bigint[]), cast(:currencies as text[])) with ordinality"
    "        as line (amount, currency, number)"
)
UNBALANCED = [([1], ["EUR"]), ([-500, 499], ["EUR", "EUR"]), ([5, -5], ["EUR", "CHF"])]


@pytest.mark.parametrize(("amounts", "currencies"), UNBALANCED)
async def test_lines_added_later_cannot_unbalance_an_entry(worker_engine, organisation_id, amounts, currencies):
    """Every statement adds nothing to the sum of any entry, so no number of statements or transactions can."""
    context, told = organisation_context(organisation_id, "test"), values(organisation_id)
    later = {**told, "amounts": amounts, "currencies": currencies}
    async with AsyncSession(worker_engine) as session, session.begin():
        await apply_context(session, context)
        await session.execute(WHOLE, told)
        assert await refusal(session, LATER, later) == ("23514", "entry_lines_balanced_check")
    async with AsyncSession(worker_engine) as session, session.begin():
        await apply_context(session, context)
        assert await refusal(session, LATER, later) == ("23514", "entry_lines_balanced_check")
        assert find_broken(await read_rows(session, [organisation_id])) == []


async def test_an_entry_without_lines_is_refused(acting, organisation_id):
    async with acting(organisation_id) as session:
        assert await refusal(session, ENTRY, values(organisation_id)) == ("23514", "entries_lines_check")


async def test_a_line_cannot_be_in_another_book_than_its_entry(acting, organisation_id):
    async with acting(organisation_id) as session:
        told = values(organisation_id)
        await session.execute(WHOLE, told)
        elsewhere = LINES.replace("1, :org", "3, :org").replace("2, :org", "4, :org")
        stranger = new_id()
        await session.execute(text("select set_config('app.organisations', :one, true)"), {"one": f"{{{stranger}}}"})
        refused = await refusal(session, elsewhere, {**told, "organisation_id": stranger})
        assert refused == ("23503", "entry_lines_entry_id_organisation_id_fkey")


@pytest.mark.parametrize("table", ["entries", "entry_lines"])
@pytest.mark.parametrize("statement", ["update {} set organisation_id = organisation_id", "delete from {}"])
async def test_nobody_changes_a_book(acting, databases_of, organisation_id, table, statement):
    async with acting(organisation_id) as session:
        assert (await refusal(session, statement.format(table)))[0] == "42501"
    async with rolled_back(databases_of("finance").engine("owner")) as session:
        assert await refusal(session, statement.format(table)) == ("23514", f"{table}_append_only_check")
        assert (await refusal(session, f"truncate {table} cascade"))[0] == "23514"


async def test_without_the_balance_trigger_the_checker_finds_the_fault(databases_of, organisation_id):
    context = organisation_context(organisation_id, "test")
    async with rolled_back(databases_of("finance").engine("owner"), context) as session:
        await session.execute(text("alter table entry_lines disable trigger entry_lines_balanced"))
        told = values(organisation_id, credit=-499)
        await session.execute(WHOLE, told)
        rows = await read_rows(session, [organisation_id])
        assert find_broken(rows) == [f"entry {told['id']} sums to {{'EUR': 1}}"]


async def test_without_the_append_only_trigger_the_checker_finds_the_fault(databases_of, organisation_id):
    context = organisation_context(organisation_id, "test")
    async with rolled_back(databases_of("finance").engine("owner"), context) as session:
        told = values(organisation_id)
        await session.execute(WHOLE, told)
        await session.execute(text("alter table entry_lines disable trigger entry_lines_append_only"))
        await session.execute(
            text("update entry_lines set amount_minor = 7 where amount_minor = 500 and entry_id = :id"), told
        )
        assert find_broken(await read_rows(session, [organisation_id])) == [
            f"entry {told['id']} sums to {{'EUR': -493}}"
        ]
