"""Rooms, vehicles and equipment: a week with who has what, requests to answer, reserving, and closing."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.agenda.domain import Week
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.languages import translate
from portal.pages import go, show
from portal.planning.domain import asked_monday
from portal.planning.queries import get_planner_post
from portal.resources import use_cases
from portal.resources.domain import DAYS, requests_of, resources_of
from portal.resources.queries import list_citable, list_requests, list_reservations, list_resources
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/resources"


@router.get(BASE)
async def show_resources(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """A week of everything that the association has or may borrow."""
    return await _show_resources(visitor, slug, request.query_params.get("week"), None, None)


@router.post(f"{BASE}/reservations")
async def reserve(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Reserve a resource for something beside sessions."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    title, quantity = entries.text("title"), entries.number("quantity", 1, 10_000, otherwise=1)
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    if entries.errors or on is None or starts is None or ends is None:
        return await _show_resources(visitor, slug, form.get("on"), entries, None)
    body = {
        "organisation_id": post.organisation.id, "resource_id": form.get("resource"), "title": title,
        "quantity": quantity, "starts_at": datetime.combine(on, starts, HOME_ZONE).isoformat(),
        "ends_at": datetime.combine(on, ends, HOME_ZONE).isoformat(),
    }  # fmt: skip
    if form.get("agreement"):
        body["agreement_id"] = form.get("agreement")
    try:
        await use_cases.reserve(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_resources(visitor, slug, form.get("on"), entries, problem)
    return go(f"/manage/{slug}/resources?week={on}")


@router.post(f"{BASE}/closures")
async def close_suddenly(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """A room floods: close it whoever has it."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    reason = entries.text("reason")
    from_on, from_time = entries.day("from_on"), entries.clock_time("from_time")
    until_on, until_time = entries.day("until_on"), entries.clock_time("until_time")
    if entries.errors or from_on is None or from_time is None or until_on is None or until_time is None:
        return await _show_resources(visitor, slug, form.get("from_on"), entries, None)
    starts_at = datetime.combine(from_on, from_time, HOME_ZONE)
    period = starts_at, datetime.combine(until_on, until_time, HOME_ZONE)
    try:
        await use_cases.close_suddenly(visitor, str(UUID(form.get("closed"))), period, reason, form.get("key"))
    except ValueError:
        entries.refuse("closed", translate("Choose one."))
        return await _show_resources(visitor, slug, form.get("from_on"), entries, None)
    except Refused as problem:
        return await _show_resources(visitor, slug, form.get("from_on"), entries, problem)
    return go(f"/manage/{slug}/resources?week={from_on}")


@router.post(f"{BASE}/reservations/{{reservation_id}}/answer")
async def answer_request(slug: str, reservation_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say yes or no to another association."""
    await get_planner_post(visitor, slug)
    try:
        if form.get("answer") == "yes":
            await use_cases.approve(visitor, str(reservation_id))
        else:
            await use_cases.refuse(visitor, str(reservation_id), form.get("reason").strip()[:200] or "–")
    except Refused as problem:
        return await _show_resources(visitor, slug, None, None, problem)
    return go(f"/manage/{slug}/resources")


async def _show_resources(
    visitor: Visitor, slug: str, week: str | None, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    today = home_today()
    monday = asked_monday(week, today)
    from_at = datetime.combine(monday, time(), HOME_ZONE)
    found, reservations, requests, agreements, directory = await asyncio.gather(
        part(list_resources(visitor), []),
        part(list_reservations(visitor, from_at, from_at + timedelta(days=DAYS)), []),
        part(list_requests(visitor), []),
        part(list_citable(visitor, post, today), []),
        get_directory(visitor.asking),
    )
    own_id = post.organisation.id
    return await show(
        visitor,
        "resources/resources.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        week=Week(monday),
        today=today,
        days=[monday + timedelta(days=number) for number in range(DAYS)],
        found=found,
        resources=resources_of(found.value, reservations.value, monday, own_id),
        agreements=agreements.value,
        requests=requests_of(requests.value, own_id),
        values=dict(entries.form.fields) if entries else {"on": today.isoformat(), "starts": "14:00", "ends": "16:00"},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        directory=directory,
    )
