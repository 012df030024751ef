"""The money of associations side by side, over HTTP: for the office of their federation."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from access.callers import Caller
from access.roles import FEDERATION_OFFICE
from finance.database import api_database
from finance.evaluation import queries

router = APIRouter(tags=["evaluation"])
Year = Annotated[int, Query(ge=2000, le=2100)]


class BudgetFigures(BaseModel):
    """The budgets of one association in a year together, in minor units."""

    organisation_id: UUID
    currency: str
    planned_income_minor: int
    promised_minor: int
    earned_minor: int
    planned_expense_minor: int
    spent_minor: int


@router.get("/evaluation/associations")
async def list_figures(federation_id: UUID, year: Year, caller: Caller) -> list[BudgetFigures]:
    """What each association of a federation planned, was promised, earned and spent; for the federation's office."""
    caller.require(federation_id, FEDERATION_OFFICE)
    async with api_database.transaction(caller.context(FEDERATION_OFFICE)) as session:
        sums = await queries.sum_associations(session, federation_id, year)
    return [BudgetFigures.model_validate(dict(one)) for one in sums]
