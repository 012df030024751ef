"""Budgets: planned, promised, earned, spent; for those who read the books, and changed by those who keep them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Json, Refused, part
from portal.budgets import use_cases
from portal.budgets.domain import (
    LINE_KINDS,
    LINES_MAX,
    booked_charges,
    charged_sessions,
    fields_of,
    places_for_lines,
)
from portal.budgets.queries import (
    get_budget,
    get_keeper_post,
    get_reader_post,
    list_budgets,
    list_charges,
    list_charges_of_booking,
    list_spendings,
)
from portal.directory.domain import Post
from portal.directory.queries import get_details, get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.home_clock import home_today
from portal.languages import translate
from portal.pages import go, show
from portal.planning.queries import list_activities
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/budgets"
BUDGET = f"{BASE}/{{budget_id}}"
YEAR_MIN, YEAR_MAX = 2000, 2100
Year = Annotated[int | None, Query(ge=YEAR_MIN, le=YEAR_MAX)]


@router.get(BASE)
async def show_budgets(slug: str, visitor: Visit, year: Year = None) -> HTMLResponse:
    """All budgets of a year."""
    post = await get_reader_post(visitor, slug)
    shown = year or now().year
    budgets = await part(list_budgets(visitor, post, shown), [])
    years = (now().year - 1, now().year, now().year + 1)
    return await show(
        visitor,
        "budgets/budgets.html",
        association=post.organisation,
        post=post,
        budgets=budgets,
        year=shown,
        years=years,
    )


@router.get(BUDGET)
async def show_budget(slug: str, budget_id: UUID, visitor: Visit) -> HTMLResponse:
    """One budget with what it comes from and what was spent."""
    return await _show_budget(visitor, slug, str(budget_id), None, None)


@router.get("/manage/{slug}/budgets/bookings/{booking_id}")
async def show_booking(slug: str, booking_id: UUID, visitor: Visit) -> HTMLResponse:
    """What one booking brought, place by place, without names: the books know none."""
    post = await get_reader_post(visitor, slug)
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
    post = await get_reader_post(visitor, slug)
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
    post = await get_reader_post(visitor, slug)
    budget, charges, directory = await asyncio.gather(
        get_budget(visitor, post, str(budget_id)), list_charges(visitor, post), get_directory(visitor.asking)
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
            _yes_or_no(charge["is_earned"]), charge["booking_id"],
        )
        for session in charged_sessions(charges, budget)
        for charge in session.charges
    ]  # fmt: skip
    return send_list(kind, f"charges-{budget.year}-{budget.id[-6:]}", headings, rows)


@router.get(f"{BUDGET}/spendings.{{kind}}")
async def send_spendings(slug: str, budget_id: UUID, kind: Kind, visitor: Visit) -> Response:
    """Everything that was spent for a budget as a file, with what was taken back."""
    post = await get_reader_post(visitor, slug)
    budget = await get_budget(visitor, post, str(budget_id))
    headings = [
        translate("Day"), translate("What for"), translate("Amount"), translate("Currency"), translate("Taken back"),
    ]  # fmt: skip
    rows = [
        (one.spent_on, one.label, one.amount_minor / 100, budget.currency, _yes_or_no(one.is_taken_back))
        for one in await list_spendings(visitor, budget.id)
    ]
    return send_list(kind, f"spendings-{budget.year}-{budget.id[-6:]}", headings, rows)


@router.post(f"{BUDGET}/spendings")
async def spend(slug: str, budget_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what was spent."""
    post = await get_keeper_post(visitor, slug)
    budget = await get_budget(visitor, post, str(budget_id))
    entries = Entries(form)
    body = _spending(entries)
    if entries.errors:
        return await _show_budget(visitor, slug, budget.id, entries, None)
    try:
        await use_cases.spend(visitor, budget.id, body, form.get("key"))
    except Refused as problem:
        return await _show_budget(visitor, slug, budget.id, entries, problem)
    return go(f"/manage/{slug}/budgets/{budget.id}#spent")


@router.post(f"{BUDGET}/spendings/{{spending_id}}/reversal")
async def take_back(slug: str, budget_id: UUID, spending_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Take back what was written down; the book keeps both."""
    post = await get_keeper_post(visitor, slug)
    budget = await get_budget(visitor, post, str(budget_id))
    entries = Entries(form)
    reason = entries.text(f"reason-{spending_id}")
    if entries.errors:
        return await _show_budget(visitor, slug, budget.id, entries, None)
    try:
        await use_cases.take_back(visitor, budget.id, str(spending_id), reason, form.get("key"))
    except Refused as problem:
        return await _show_budget(visitor, slug, budget.id, entries, problem)
    return go(f"/manage/{slug}/budgets/{budget.id}#spent")


@router.get("/manage/{slug}/new-budget")
async def show_new_budget(slug: str, visitor: Visit, year: Year = None) -> HTMLResponse:
    """The empty form."""
    return await _show_new(visitor, slug, {"year": str(year or now().year)}, None, None)


@router.post(BASE)
async def plan_budget(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Plan an activity's year."""
    post = await get_keeper_post(visitor, slug)
    titles = {one["id"]: one["title"] for one in await list_activities(visitor, post)}
    entries = Entries(form)
    activity_id, year = entries.choice("activity", titles), entries.number("year", YEAR_MIN, YEAR_MAX)
    lines = _lines(entries)
    if entries.errors:
        return await _show_new(visitor, slug, dict(form.fields), entries, None)
    own_id = post.organisation.id
    body = {
        "organisation_id": own_id, "activity_id": activity_id, "activity_title": titles[activity_id], "year": year,
        "currency": (await get_details(visitor.asking, own_id))["currency"], "lines": lines,
    }  # fmt: skip
    try:
        budget_id = await use_cases.plan_budget(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_new(visitor, slug, dict(form.fields), entries, problem)
    return go(f"/manage/{slug}/budgets/{budget_id}")


@router.get(f"{BUDGET}/plan")
async def show_plan(slug: str, budget_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form with the plan of a budget."""
    return await _show_plan(visitor, slug, str(budget_id), None, None)


@router.post(f"{BUDGET}/plan")
async def change_plan(slug: str, budget_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Replace the plan of a budget."""
    post = await get_keeper_post(visitor, slug)
    budget = await get_budget(visitor, post, str(budget_id))
    entries = Entries(form)
    body = {"activity_title": entries.text("title"), "lines": _lines(entries)}
    version = entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_plan(visitor, slug, budget.id, entries, None)
    try:
        await use_cases.change_plan(visitor, budget.id, body, version)
    except Refused as problem:
        return await _show_plan(visitor, slug, budget.id, entries, problem)
    return go(f"/manage/{slug}/budgets/{budget.id}#plan")


def _yes_or_no(is_so: bool) -> str:
    return translate("yes") if is_so else translate("no")


def _spending(entries: Entries) -> Json:
    amount, spent_on = entries.amount_minor("amount"), entries.day("spent_on")
    if not amount:
        entries.refuse("amount", translate("Enter an amount such as 12.50."))
    if spent_on is not None and spent_on > home_today():
        entries.refuse("spent_on", translate("This day has not come yet."))
    return {
        "amount_minor": amount,
        "label": entries.text("label"),
        "spent_on": spent_on.isoformat() if spent_on else None,
    }


def _lines(entries: Entries) -> list[Json]:
    """The lines that somebody filled in, in their order; a line has a name and an amount."""
    lines: list[Json] = []
    for number in range(LINES_MAX):
        label = entries.text(f"label-{number}", required=False)
        planned = entries.amount_minor(f"amount-{number}")
        if not label and planned is None:
            continue
        if not label:
            entries.refuse(f"label-{number}", translate("Fill this in."))
        if planned is None:
            entries.refuse(f"amount-{number}", translate("Enter an amount such as 12.50."))
        lines.append({"kind": entries.choice(f"kind-{number}", LINE_KINDS), "label": label, "planned_minor": planned})
    return lines


async def _show_budget(
    visitor: Visitor, slug: str, budget_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_reader_post(visitor, slug)
    budget, charges, spendings, directory = await asyncio.gather(
        get_budget(visitor, post, budget_id),
        list_charges(visitor, post),
        list_spendings(visitor, budget_id),
        get_directory(visitor.asking),
    )
    entered = dict(entries.form.fields) if entries else {}
    return await show(
        visitor,
        "budgets/budget.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        post=post,
        budget=budget,
        charged=charged_sessions(charges, budget),
        spendings=spendings,
        directory=directory,
        values={"spent_on": home_today().isoformat(), **entered},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        today=home_today().isoformat(),
    )


async def _show_new(
    visitor: Visitor, slug: str, values: dict[str, str], entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_keeper_post(visitor, slug)
    activities = await part(list_activities(visitor, post), [])
    options = [(one["id"], one["title"]) for one in activities.value]
    facts = {"budget": None, "activities": activities, "options": options, "key": str(new_id()), "post": post}
    return await _show_form(visitor, post, values, entries, problem, facts)


async def _show_plan(
    visitor: Visitor, slug: str, budget_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_keeper_post(visitor, slug)
    budget = await get_budget(visitor, post, budget_id)
    values = dict(entries.form.fields) if entries else fields_of(budget)
    if problem is not None:
        values["version"] = str(budget.version)
    return await _show_form(visitor, post, values, entries, problem, {"budget": budget, "post": post})


async def _show_form(
    visitor: Visitor,
    post: Post,
    values: dict[str, str],
    entries: Entries | None,
    problem: Refused | None,
    facts: dict[str, Any],
) -> HTMLResponse:
    return await show(
        visitor,
        "budgets/form.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        places=places_for_lines(values),
        values=values,
        errors=entries.errors if entries else {},
        problem=problem,
        **facts,
    )
