"""Budgets: planned, promised, earned, spent."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from common.clock import now
from portal.asking import Refused, part
from portal.budgets.domain import charged_sessions
from portal.budgets.queries import get_budget, list_budgets, list_charges
from portal.directory.domain import Post
from portal.directory.queries import get_directory, get_post
from portal.pages import show
from portal.visits import Visit, Visitor

router = APIRouter()
Year = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("/manage/{slug}/budgets")
async def show_budgets(slug: str, visitor: Visit, year: Year = None) -> HTMLResponse:
    """All budgets of a year."""
    post = await _post(visitor, slug)
    shown = year or now().year
    budgets = await part(list_budgets(visitor, post, shown), [])
    years = (now().year - 1, now().year, now().year + 1)
    return await show(
        visitor, "budgets/budgets.html", association=post.organisation, budgets=budgets, year=shown, years=years
    )


@router.get("/manage/{slug}/budgets/{budget_id}")
async def show_budget(slug: str, budget_id: UUID, visitor: Visit) -> HTMLResponse:
    """One budget with what it comes from."""
    post = await _post(visitor, slug)
    budget, charges = await asyncio.gather(get_budget(visitor, str(budget_id)), list_charges(visitor, post))
    return await show(
        visitor,
        "budgets/budget.html",
        association=post.organisation,
        budget=budget,
        charged=charged_sessions(charges, budget),
        directory=await get_directory(visitor.asking),
    )


async def _post(visitor: Visitor, slug: str) -> Post:
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.reads_money:
        raise Refused(403, "forbidden", "For those who read the books", None)
    return post
