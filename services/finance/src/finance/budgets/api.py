"""Budgets over HTTP: what was planned, what it has come to, what was spent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from access.callers import Caller
from access.roles import MONEY, MONEY_READERS
from common.http import AmountMinor, IfMatch, ShortText, check_version, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, ProblemError, Problems
from finance.budgets import queries, use_cases
from finance.budgets.domain import BudgetExists, LineKind, PlannedLine, SpendingIsReversed
from finance.database import api_database

if TYPE_CHECKING:
    from finance.budgets.tables import Budget, BudgetLine, Spending

router = APIRouter(tags=["budgets"])
PROBLEMS: Problems = {
    BudgetExists: Problem(409, "budget-exists", "This activity has a budget for that year"),
    SpendingIsReversed: Problem(409, "spending-is-reversed", "This spending was taken back before"),
}

Year = Annotated[int, Field(ge=2000, le=2100)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
SpentAmount = Annotated[int, Field(strict=True, ge=1, le=100_000_000)]


class BudgetLineModel(BaseModel):
    """One planned line."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    kind: LineKind
    label: ShortText
    planned_minor: AmountMinor


Lines = Annotated[list[BudgetLineModel], Field(max_length=100)]


class BudgetRequest(BaseModel):
    """The plan for an activity in a year."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    activity_id: UUID
    activity_title: ShortText
    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]
    currency: Currency = "EUR"
    lines: Lines


class PlanRequest(BaseModel):
    """The planned lines that replace the present ones."""

    model_config = ConfigDict(extra="forbid")

    activity_title: ShortText | None = None
    lines: Lines


class SideAnswer(BaseModel):
    """One side of a budget; `percent` is null where nothing was planned."""

    planned_minor: int
    reached_minor: int
    percent: int | None


class BudgetAnswer(BaseModel):
    """A budget; income is reached when it is promised or earned, expense when it is spent."""

    id: UUID
    organisation_id: UUID
    activity_id: UUID
    activity_title: str
    year: int
    currency: str
    version: int
    is_planned: bool
    promised_minor: int
    earned_minor: int
    spent_minor: int
    income: SideAnswer
    expense: SideAnswer
    reached_thresholds: list[str]
    lines: list[BudgetLineModel]


class SpendingRequest(BaseModel):
    """Money spent."""

    model_config = ConfigDict(extra="forbid")

    amount_minor: SpentAmount
    label: ShortText
    spent_on: date


class SpendingAnswer(BaseModel):
    """Money spent, with the entry that books it and the one that takes it back."""

    id: UUID
    budget_id: UUID
    amount_minor: int
    label: str
    spent_on: date
    entry_id: UUID
    reversal_entry_id: UUID | None
    recorded_at: AwareDatetime


class SpendingReversalRequest(BaseModel):
    """Why a spending is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


@router.post("/budgets", status_code=201, response_model=BudgetAnswer)
async def plan_budget(body: BudgetRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Plan an activity's year; what bookings brought before is in it."""
    caller.require(body.organisation_id, MONEY)
    plan = use_cases.BudgetPlan(**{**body.model_dump(exclude={"lines"}), "lines": _planned(body.lines)})
    async with api_database.transaction(caller.context(MONEY)) as session:

        async def create() -> BudgetAnswer:
            budget = await use_cases.plan_budget(session, plan)
            return await _loaded(session, budget)

        return await once(session, key, caller.key, create)


@router.get("/budgets")
async def list_budgets(
    caller: Caller,
    organisation_id: UUID | None = None,
    activity_id: UUID | None = None,
    year: Year | None = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> Page[BudgetAnswer]:
    """Budgets of the caller's associations."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        budgets = await queries.list_budgets(
            session,
            organisation_id=organisation_id,
            activity_id=activity_id,
            year=year,
            after_id=decode_cursor(cursor),
            limit=limit,
        )
        shown, following = next_cursor([budget.id for budget in budgets], limit)
        lines = await queries.list_lines(session, [budget.id for budget in budgets[:shown]])
    return Page(items=[_answer(budget, lines[budget.id]) for budget in budgets[:shown]], next_cursor=following)


@router.get("/budgets/{budget_id}")
async def get_budget(budget_id: UUID, caller: Caller, response: Response) -> BudgetAnswer:
    """One budget; its ETag is wanted for changing the plan."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        budget = await queries.find_budget(session, budget_id)
        if budget is None:
            raise ProblemError(NOT_FOUND)
        answer = await _loaded(session, budget)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.patch("/budgets/{budget_id}")
async def change_plan(
    budget_id: UUID, body: PlanRequest, caller: Caller, response: Response, if_match: IfMatch = None
) -> BudgetAnswer:
    """Replace the planned lines."""
    expected = expected_version(if_match)
    async with api_database.transaction(caller.context(MONEY)) as session:
        budget = await _lock(session, budget_id)
        check_version(expected, budget.version)
        await use_cases.change_plan(session, budget, body.activity_title, _planned(body.lines))
        answer = await _loaded(session, budget)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.post("/budgets/{budget_id}/spendings", status_code=201, response_model=SpendingAnswer)
async def spend(budget_id: UUID, body: SpendingRequest, caller: Caller, key: IdempotencyKey) -> Response:
    """Record money spent and book it."""
    async with api_database.transaction(caller.context(MONEY)) as session:

        async def record() -> SpendingAnswer:
            budget = await _lock(session, budget_id)
            spending = await use_cases.spend(session, budget, use_cases.NewSpending(**body.model_dump()))
            return _spending_answer(spending)

        return await once(session, key, caller.key, record)


@router.get("/budgets/{budget_id}/spendings")
async def list_spendings(
    budget_id: UUID, caller: Caller, limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[SpendingAnswer]:
    """What was spent for a budget."""
    async with api_database.transaction(caller.context(MONEY_READERS)) as session:
        if await queries.find_budget(session, budget_id) is None:
            raise ProblemError(NOT_FOUND)
        spendings = await queries.list_spendings(session, budget_id, decode_cursor(cursor), limit)
    shown, following = next_cursor([spending.id for spending in spendings], limit)
    return Page(items=[_spending_answer(spending) for spending in spendings[:shown]], next_cursor=following)


@router.post(
    "/budgets/{budget_id}/spendings/{spending_id}/reversal", status_code=201, response_model=SpendingAnswer
)  # fmt: skip
async def reverse_spending(
    budget_id: UUID, spending_id: UUID, body: SpendingReversalRequest, caller: Caller, key: IdempotencyKey
) -> Response:
    """Take a spending back by a reversal in the book."""
    async with api_database.transaction(caller.context(MONEY)) as session:

        async def reverse() -> SpendingAnswer:
            budget = await _lock(session, budget_id)
            spending = await queries.lock_spending(session, budget_id, spending_id)
            if spending is None:
                raise ProblemError(NOT_FOUND)
            await use_cases.reverse_spending(session, budget, spending, body.reason)
            return _spending_answer(spending)

        return await once(session, key, caller.key, reverse)


async def _lock(session: AsyncSession, budget_id: UUID) -> Budget:
    budget = await queries.lock_budget(session, budget_id)
    if budget is None:
        raise ProblemError(NOT_FOUND)
    return budget


async def _loaded(session: AsyncSession, budget: Budget) -> BudgetAnswer:
    return _answer(budget, (await queries.list_lines(session, [budget.id]))[budget.id])


def _planned(lines: Sequence[BudgetLineModel]) -> tuple[PlannedLine, ...]:
    return tuple(PlannedLine(line.kind, line.label, line.planned_minor) for line in lines)


def _answer(budget: Budget, lines: Sequence[BudgetLine]) -> BudgetAnswer:
    income, expense = (
        SideAnswer.model_validate(side, from_attributes=True) for side in use_cases.progresses(budget)
    )  # fmt: skip
    derived = {"income", "expense", "lines", "is_planned"}
    return BudgetAnswer(
        **{name: getattr(budget, name) for name in BudgetAnswer.model_fields if name not in derived},
        is_planned=budget.planned_at is not None,
        income=income,
        expense=expense,
        lines=[BudgetLineModel.model_validate(line) for line in lines],
    )


def _spending_answer(spending: Spending) -> SpendingAnswer:
    return SpendingAnswer.model_validate(spending, from_attributes=True)
