"""Budgets: planned, promised, earned, spent."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from portal.asking import Refused, part
from portal.budgets.domain import booked_charges, charged_sessions
from portal.budgets.queries import get_budget, list_budgets, list_charges, list_charges_of_booking
from portal.directory.domain import Post
from portal.directory.queries import get_directory, get_post
from portal.exporting import Kind, send_list
from portal.languages import translate
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


@router.get("/manage/{slug}/budgets/bookings/{booking_id}")
async def show_booking(slug: str, booking_id: UUID, visitor: Visit) -> HTMLResponse:
    """What one booking brought, place by place, without names: the books know none."""
    post = await _post(visitor, slug)
    charges = await list_charges_of_booking(visitor, post, str(booking_id))
    return await show(
        visitor,
        "budgets/booking.html",
        association=post.organisation,
        post=post,
        booking_id=booking_id,
        charged=booked_charges(charges),
        directory=await get_directory(visitor.asking),
    )


@router.get("/manage/{slug}/budgets.{kind}")
async def send_budgets(slug: str, kind: Kind, visitor: Visit, year: Year = None) -> Response:
    """All budgets of a year as a file; amounts in the main unit."""
    post = await _post(visitor, slug)
    shown = year or now().year
    budgets = await list_budgets(visitor, post, shown)
    headings = [
        translate("Activity"), translate("Currency"), translate("Planned income"), translate("Promised"),
        translate("Earned"), translate("Planned expense"), translate("Spent"),
    ]  # fmt: skip
    rows = [
        (
            budget.title, budget.currency, budget.income.planned_minor / 100, budget.promised_minor / 100,
            budget.earned_minor / 100, budget.expense.planned_minor / 100, budget.spent_minor / 100,
        )
        for budget in budgets
    ]  # fmt: skip
    return send_list(kind, f"budgets-{shown}", headings, rows)


@router.get("/manage/{slug}/budgets/{budget_id}/charges.{kind}")
async def send_charges(slug: str, budget_id: UUID, kind: Kind, visitor: Visit) -> Response:
    """Every charge behind a budget as a file."""
    post = await _post(visitor, slug)
    budget, charges, directory = await asyncio.gather(
        get_budget(visitor, str(budget_id)), list_charges(visitor, post), get_directory(visitor.asking)
    )
    headings = [
        translate("Session"), translate("Day"), translate("Payer"), translate("Amount"), translate("Currency"),
        translate("Earned"), translate("Booking"),
    ]  # fmt: skip
    rows = [
        (
            session.title, session.on,
            directory.name_of(charge["payer_id"]) if charge["payer_kind"] == "organisation" else
            translate("A household"), charge["amount_minor"] / 100, charge["currency"],
            translate("yes") if charge["is_earned"] else translate("no"), charge["booking_id"],
        )
        for session in charged_sessions(charges, budget)
        for charge in session.charges
    ]  # fmt: skip
    return send_list(kind, f"charges-{budget.year}-{budget.id[-6:]}", headings, rows)


async def _post(visitor: Visitor, slug: str) -> Post:
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.reads_money:
        raise Refused(403, "forbidden", "For those who read the books", None)
    return post
