"""Planning new sessions: a form, a preview of every date, and only then the sessions themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.directory.domain import Post
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.holds.domain import is_wished, rows_of, values_of, with_names
from portal.holds.queries import find_wishes, list_usable
from portal.holds.use_cases import read_wishes
from portal.languages import translate
from portal.pages import go, show
from portal.planning.domain import monday_of
from portal.planning.queries import get_planner_post, list_activities, sites_of
from portal.planning.use_cases import change_session
from portal.roster.queries import get_own_session
from portal.scheduling import use_cases
from portal.scheduling.domain import REPEATS, SUPERVISIONS, WEEKDAYS, When, left_out
from portal.scheduling.queries import preview_days
from portal.shifts.domain import ROLES
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
AGE_MAX = 120
USUAL = {"starts": "14:00", "ends": "16:00", "repeat": "once", "capacity": "12", "minimum": "0", "price": "0",
         "supervision": "none"}  # fmt: skip
NEEDS = "/manage/{slug}/sessions/{session_id}/needs"
NOT_REPEATED = {"csrf_token", "key", "kept"}


@router.get("/manage/{slug}/plan")
async def ask_for_plan(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """The form for new sessions; the query may fill in activity, site, day and time."""
    named = {name: value for name, value in request.query_params.items() if name in ("activity", "site", "on")}
    return await _show_form(visitor, slug, {**USUAL, **named}, [], {}, None)


@router.post("/manage/{slug}/plan")
async def preview_plan(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Every date before anything is saved; holidays are struck out, and any date can be left out."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    plan, when = await _read(visitor, post, entries)
    if when is None or entries.errors or form.get("again"):
        errors = {} if form.get("again") else entries.errors
        return await _show_form(visitor, slug, dict(form.fields), form.all("weekday"), errors, None)
    try:
        days = await preview_days(visitor, str(plan["activity_id"]), str(plan["site_id"]), when)
    except Refused as problem:
        return await _show_form(visitor, slug, dict(form.fields), form.all("weekday"), {}, problem)
    return await show(
        visitor,
        "scheduling/preview.html",
        association=post.organisation,
        plan=plan,
        when=when,
        days=days,
        holidays=sum(day.holiday is not None for day in days),
        fields=[(name, value) for name, value in form.fields if name not in NOT_REPEATED],
        key=str(new_id()),
        directory=await get_directory(visitor.asking),
    )


@router.post("/manage/{slug}/plan/confirmation")
async def confirm_plan(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Plan what was previewed, once."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    plan, when = await _read(visitor, post, entries)
    kept, key = form.all("kept"), form.get("key")
    if when is None or entries.errors or not kept:
        entries.refuse("until", translate("Keep at least one date."))
        return await _show_form(visitor, slug, dict(form.fields), form.all("weekday"), entries.errors, None)
    try:
        days = await preview_days(visitor, str(plan["activity_id"]), str(plan["site_id"]), when)
        if when.repeat == "once":
            first = await use_cases.plan_session(visitor, plan, days[0], key)
        else:
            first = await use_cases.plan_series(visitor, plan, when, left_out(days, kept), key)
    except Refused as problem:
        return await _show_form(visitor, slug, dict(form.fields), form.all("weekday"), {}, problem)
    week = monday_of(datetime.fromisoformat(first["starts_at"]).date())
    return go(f"/manage/{post.organisation.slug}/calendar?{urlencode({'week': week.isoformat()})}")


async def _read(visitor: Visitor, post: Post, entries: Entries) -> tuple[dict[str, Any], When | None]:
    """The plan as the activities service takes it, and when; None for a moment that makes no sense."""
    plan = _read_plan(entries)
    if is_wished(dict(entries.form.fields)):
        plan["wishes"] = read_wishes(entries, await list_usable(visitor, post), post.organisation.id)
    return plan, _read_when(entries)


def _read_plan(entries: Entries) -> dict[str, Any]:
    prices = {"standard": entries.amount_minor("price"), "reduced": entries.amount_minor("reduced_price")}
    if prices["standard"] is None:
        entries.refuse("price", translate("Enter an amount such as 12.50."))
    return {
        "activity_id": _id(entries, "activity"),
        "site_id": _id(entries, "site"),
        "title": entries.text("title"),
        "capacity": entries.number("capacity", 1, 10_000),
        "minimum": entries.number("minimum", 0, 10_000, otherwise=0),
        "prices": {category: price for category, price in prices.items() if price is not None},
        "supervision": entries.choice("supervision", SUPERVISIONS),
        "age_from": entries.number_or_none("age_from", 0, AGE_MAX),
        "age_to": entries.number_or_none("age_to", 0, AGE_MAX),
        "accessibility": [text.strip() for text in entries.text("accessibility", required=False).split(",") if text],
        "open_door": bool(entries.form.get("open_door")),
    }


def _read_when(entries: Entries) -> When | None:
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    repeat = entries.choice("repeat", REPEATS)
    until = entries.day("until") if repeat and repeat != "once" else None
    if on is None or starts is None or ends is None or (until is not None and until < on):
        if on is not None and until is not None:
            entries.refuse("until", translate("The last day lies before the first."))
        return None
    weekdays = [day for day in entries.form.all("weekday") if day in WEEKDAYS]
    return When(on, starts, ends, repeat, weekdays, until)


def _id(entries: Entries, name: str) -> str:
    try:
        return str(UUID(entries.form.get(name)))
    except ValueError:
        entries.refuse(name, translate("Choose one."))
        return ""


async def _show_form(
    visitor: Visitor,
    slug: str,
    values: dict[str, str],
    weekdays: list[str],
    errors: dict[str, str],
    problem: Refused | None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    activities, resources, directory = await asyncio.gather(
        list_activities(visitor, post), part(list_usable(visitor, post), []), get_directory(visitor.asking)
    )
    chosen = next((one for one in activities if one["id"] == values.get("activity")), None)
    if "title" not in values and chosen is not None:
        values = {**values, "title": chosen["title"]}
    return await show(
        visitor,
        "scheduling/form.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        activities=activities,
        sites=sites_of(directory, post),
        values=values,
        resources=resources,
        **_rows(values),
        asks_for_something=is_wished(values),
        weekdays=[(code, date(2024, 1, number), code in weekdays) for number, code in enumerate(WEEKDAYS, 1)],
        errors=errors,
        problem=problem,
        supervisions=SUPERVISIONS,
        directory=directory,
    )


def _rows(values: Mapping[str, str]) -> dict[str, Any]:
    return {"thing_rows": rows_of("thing-", values), "people_rows": rows_of("role-", values), "roles": ROLES}


@router.get(NEEDS)
async def show_needs(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """What a session has asked for, to ask for something else."""
    return await _show_needs(visitor, slug, str(session_id), None, None)


@router.post(NEEDS)
async def ask_for_needs(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask for everything at once; what was asked for before is given back."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    entries = Entries(form)
    usable, before = await asyncio.gather(list_usable(visitor, post), find_wishes(visitor, session))
    wishes = read_wishes(entries, usable, post.organisation.id)
    version = entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_needs(visitor, slug, session.id, entries, None)
    try:
        wishes["people"] = with_names(wishes["people"], before)
        await change_session(visitor, session.id, {"wishes": wishes}, version)
    except Refused as problem:
        return await _show_needs(visitor, slug, session.id, entries, problem)
    return go(f"/manage/{slug}/sessions/{session.id}")


async def _show_needs(
    visitor: Visitor, slug: str, session_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, session_id)
    wishes, resources, directory = await asyncio.gather(
        find_wishes(visitor, session), part(list_usable(visitor, post), []), get_directory(visitor.asking)
    )
    values = dict(entries.form.fields) if entries else values_of(wishes)
    return await show(
        visitor,
        "scheduling/needs.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        session=session,
        resources=resources,
        **_rows(values),
        values=values,
        errors=entries.errors if entries else {},
        problem=problem,
        can_change=session.is_bookable(now()),
        directory=directory,
    )
