"""The books over HTTP: entries, balances, the chart of accounts, and entries made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.roles import MONEY, MONEY_READERS
from common import clock
from common.http import Day, ShortText
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, ProblemError, Problems
from finance.database import api_database
from finance.ledger import queries, use_cases
from finance.ledger.domain import (
    Account,
    BookedInTheFuture,
    EntryIsNotManual,
    EntryIsReversed,
    EntryKind,
    Line,
    ReservedAccount,
    UnbalancedEntry,
)

if TYPE_CHECKING:
    from finance.ledger.tables import Entry, EntryLine

router = APIRouter(tags=["ledger"])
PROBLEMS: Problems = {
    UnbalancedEntry: Problem(422, "unbalanced-entry", "Debits and credits differ"),
    ReservedAccount: Problem(422, "reserved-account", "This account is not booked by hand"),
    BookedInTheFuture: Problem(422, "booked-in-the-future", "This day has not come yet"),
    EntryIsNotManual: Problem(409, "entry-is-not-manual", "This entry is corrected where it came from"),
    EntryIsReversed: Problem(409, "entry-is-reversed", "This entry was reversed before"),
}

SignedAmount = Annotated[int, Field(strict=True, ge=-100_000_000, le=100_000_000)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Jurisdiction = Annotated[str, Query(pattern="^[A-Z]{2}$")]


class LineRequest(BaseModel):
    """A line: debit positive, credit negative."""

    model_config = ConfigDict(extra="forbid")

    account: Account
    amount_minor: SignedAmount
    currency: Currency
    counterparty_id: UUID | None = None


class EntryRequest(BaseModel):
    """An entry made by hand."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    booked_on: date
    description: ShortText
    lines: list[LineRequest] = Field(min_length=2, max_length=50)


class ReversalRequest(BaseModel):
    """Why an entry is reversed."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class LineAnswer(BaseModel):
    """A line of an entry."""

    account: Account
    amount_minor: int
    currency: str
    counterparty_id: UUID | None


class EntryAnswer(BaseModel):
    """An entry of one book; `linked_entry_id` is its mirror in the other association's book."""

    id: UUID
    organisation_id: UUID
    booked_on: date
    kind: EntryKind
    description: str
    booking_id: UUID | None
    charge_id: UUID | None
    reverses_entry_id: UUID | None
    linked_entry_id: UUID | None
    recorded_at: AwareDatetime
    lines: list[LineAnswer]


class BalanceAnswer(BaseModel):
    """What an account comes to; `code` and `labels` are those of the book's jurisdiction on that day."""

    organisation_id: UUID
    account: Account
    code: str | None
    labels: dict[str, str] | None
    currency: str
    amount_minor: int


class BalancesAnswer(BaseModel):
    """Every account at the end of a day."""

    as_of: date
    balances: list[BalanceAnswer]


class ChartAccountAnswer(BaseModel):
    """An account in the chart of a jurisdiction, with where that was read."""

    account: Account
    code: str
    labels: dict[str, str]
    valid_from: date
    valid_to: date | None
    source: str
    status: str


@router.get("/ledger/entries")
async def list_entries(
    caller: Caller,
    organisation_id: UUID | None = None,
    account: Account | None = None,
    booking_id: UUID | None = None,
    from_day: Annotated[date | None, Query(alias="from")] = None,
    to_day: Annotated[date | None, Query(alias="to")] = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> Page[EntryAnswer]:
    """Entries of the books that the caller may read, in the order in which they were recorded."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        entries = await queries.list_entries(
            session,
            organisation_id=organisation_id,
            account=account,
            booking_id=booking_id,
            from_day=from_day,
            to_day=to_day,
            after_id=decode_cursor(cursor),
            limit=limit,
        )
        shown, following = next_cursor([entry.id for entry in entries], limit)
        lines = await queries.list_lines(session, [entry.id for entry in entries[:shown]])
    return Page(items=[_answer(entry, lines[entry.id]) for entry in entries[:shown]], next_cursor=following)


@router.get("/ledger/balances")
async def list_balances(
    caller: Caller, organisation_id: UUID | None = None, as_of: Day | None = None
) -> BalancesAnswer:
    """The balance of every account at the end of a day, today unless one is given."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        day = as_of or await queries.get_today(session, organisation_id, clock.now())
        rows = await queries.list_balances(session, organisation_id, day)
    return BalancesAnswer(as_of=day, balances=[BalanceAnswer.model_validate(dict(row._mapping)) for row in rows])


@router.get("/ledger/accounts")
async def list_accounts(
    _caller: Caller, jurisdiction: Jurisdiction = "BE", on: Day | None = None
) -> list[ChartAccountAnswer]:
    """The chart of accounts of a country on a day."""
    async with api_database.transaction() as session:
        day = on or await queries.get_today(session, None, clock.now())
        chart = await queries.list_chart(session, jurisdiction, day)
    return [ChartAccountAnswer.model_validate(account, from_attributes=True) for account in chart]


@router.get("/ledger/entries/{entry_id}")
async def get_entry(entry_id: UUID, caller: Caller) -> EntryAnswer:
    """One entry with its lines."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        entry = await queries.find_entry(session, entry_id)
        if entry is None:
            raise ProblemError(NOT_FOUND)
        lines = await queries.list_lines(session, [entry.id])
    return _answer(entry, lines[entry.id])


@router.post("/ledger/entries", status_code=201, response_model=EntryAnswer)
async def record_entry(body: EntryRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Book an entry by hand; debts between associations follow from charges only."""
    caller.require(body.organisation_id, MONEY)
    lines = tuple(Line(**line.model_dump()) for line in body.lines)
    manual = use_cases.ManualEntry(body.organisation_id, body.booked_on, body.description, lines)
    async with api_database.transaction(caller.context(MONEY)) as session:

        async def record() -> EntryAnswer:
            entry = await use_cases.record_manual_entry(session, manual)
            return await _loaded(session, entry)

        return await once(session, key, caller.key, record)


@router.post("/ledger/entries/{entry_id}/reversal", status_code=201, response_model=EntryAnswer)
async def reverse_entry(entry_id: UUID, body: ReversalRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Reverse an entry that was made by hand, once."""
    async with api_database.transaction(caller.context(MONEY)) as session:

        async def reverse() -> EntryAnswer:
            original = await queries.find_entry(session, entry_id)
            if original is None:
                raise ProblemError(NOT_FOUND)
            entry = await use_cases.reverse_manual_entry(session, original, body.reason)
            return await _loaded(session, entry)

        return await once(session, key, caller.key, reverse)


async def _loaded(session: AsyncSession, entry: Entry) -> EntryAnswer:
    return _answer(entry, (await queries.list_lines(session, [entry.id]))[entry.id])


def _answer(entry: Entry, lines: Sequence[EntryLine]) -> EntryAnswer:
    shown = [LineAnswer.model_validate(line, from_attributes=True) for line in lines]
    columns = {name: getattr(entry, name) for name in EntryAnswer.model_fields if name != "lines"}
    return EntryAnswer(**columns, lines=shown)
