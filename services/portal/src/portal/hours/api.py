"""Worked hours: one's own, and those of a team that wait for a yes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.hours import use_cases
from portal.hours.domain import approved_minutes
from portal.hours.queries import get_waiting_hours, list_hours, list_sums, list_terms, list_waiting_hours
from portal.languages import translate
from portal.pages import go, show, word
from portal.people.queries import list_people
from portal.planning.queries import get_planner_post
from portal.visits import SignedForm, Visit, Visitor
from portal.workers.queries import list_own_records

router = APIRouter()
BREAK_MINUTES_MAX = 600


@router.get("/hours")
async def show_own_hours(visitor: Visit) -> HTMLResponse:
    """What the visitor has worked, and what became of it."""
    return await _show_own(visitor, None, None)


@router.post("/hours")
async def record_hours(visitor: Visit, form: SignedForm) -> Response:
    """Record hours of one's own."""
    own_ids = {record["id"] for record in await list_own_records(visitor)}
    entries = Entries(form)
    title, person_id = entries.text("title"), entries.choice("person", own_ids)
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    break_minutes = entries.number("break_minutes", 0, BREAK_MINUTES_MAX, otherwise=0)
    if entries.errors or on is None or starts is None or ends is None or break_minutes is None:
        return await _show_own(visitor, entries, None)
    period = (datetime.combine(on, starts, HOME_ZONE), datetime.combine(on, ends, HOME_ZONE))
    try:
        await use_cases.record_hours(visitor, person_id, title, period, break_minutes, form.get("key"))
    except Refused as problem:
        return await _show_own(visitor, entries, problem)
    return go("/hours")


@router.get("/manage/{slug}/hours")
async def show_team_hours(slug: str, visitor: Visit) -> HTMLResponse:
    """Hours that wait for a yes, and what was approved this year."""
    return await _show_team(visitor, slug, None)


@router.get("/manage/{slug}/hours.{kind}")
async def send_hours(slug: str, kind: Kind, visitor: Visit) -> Response:
    """Every hour of this year that was recorded, person by person, as a file."""
    post, year = await get_planner_post(visitor, slug), now().astimezone(HOME_ZONE).year
    people, recorded = await asyncio.gather(list_people(visitor, post), list_hours(visitor))
    names = {person.id: person.display_name for person in people}
    own = [one for one in recorded if one.organisation_id == post.organisation.id and one.starts_at.year == year]
    headings = [
        translate("Name"), translate("What"), translate("From"), translate("Until"), translate("Minutes"),
        translate("Footing"), translate("State"), translate("Worth"), translate("Allowance"), translate("Currency"),
    ]  # fmt: skip
    rows = [
        (
            names.get(one.person_id, ""), one.title, one.starts_at, one.ends_at, one.minutes,
            word("hours/words.html", "engagement_name", one.engagement),
            word("hours/words.html", "hours_badge", one.state), one.value_minor / 100, one.allowance_minor / 100,
            one.currency,
        )
        for one in sorted(own, key=lambda one: (names.get(one.person_id, ""), one.starts_at))
    ]  # fmt: skip
    return send_list(kind, f"hours-{year}", headings, rows)


@router.post("/manage/{slug}/hour-terms")
async def set_terms(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Say what the association gives and counts from a day on."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    valid_from = entries.day("valid_from")
    valid_to = entries.day("valid_to") if form.get("valid_to") else None
    if valid_from and valid_to and valid_to < valid_from:
        entries.refuse("valid_to", translate("The last day lies before the first."))
    body = {
        "organisation_id": post.organisation.id,
        "volunteer_day_allowance_minor": entries.amount_minor("day_allowance") or 0,
        "volunteer_hour_value_minor": entries.amount_minor("hour_value") or 0,
        "lent_hour_price_minor": entries.amount_minor("lent_price") or 0,
        "valid_from": valid_from.isoformat() if valid_from else None,
        "valid_to": valid_to.isoformat() if valid_to else None,
    }
    if entries.errors:
        return await _show_team(visitor, slug, None, entries)
    try:
        await use_cases.set_terms(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_team(visitor, slug, problem, entries)
    return go(f"/manage/{slug}/hours")


@router.post("/manage/{slug}/hours/{hours_id}")
async def decide_hours(slug: str, hours_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Approve or refuse hours."""
    post = await get_planner_post(visitor, slug)
    state = "approved" if form.get("answer") == "yes" else "refused"
    try:
        await use_cases.decide_hours(visitor, await get_waiting_hours(visitor, post, str(hours_id)), state)
    except Refused as problem:
        return await _show_team(visitor, slug, problem)
    return go(f"/manage/{slug}/hours")


async def _show_own(visitor: Visitor, entries: Entries | None, problem: Refused | None) -> HTMLResponse:
    _ = visitor.person
    records, directory = await asyncio.gather(part(list_own_records(visitor), []), get_directory(visitor.asking))
    asked = (list_hours(visitor, person_id=record["id"]) for record in records.value)
    own = [one for found in await asyncio.gather(*asked) for one in found]
    today = home_today()
    return await show(
        visitor,
        "hours/own.html",
        status=problem.status if problem else 422 if entries else 200,
        records=records,
        hours=sorted(own, key=lambda one: (one.starts_at, one.id), reverse=True),
        approved_minutes=approved_minutes(own),
        directory=directory,
        values=dict(entries.form.fields) if entries else {"on": today.isoformat(), "break_minutes": "0"},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


async def _show_team(
    visitor: Visitor, slug: str, problem: Refused | None, entries: Entries | None = None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    today = home_today()
    waiting, people, sums, terms = await asyncio.gather(
        part(list_waiting_hours(visitor, post), []),
        part(list_people(visitor, post), []),
        part(list_sums(visitor, post, today.replace(month=1, day=1), today), []),
        part(list_terms(visitor, post), []),
    )
    return await show(
        visitor,
        "hours/team.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        waiting=waiting,
        names={person.id: person.display_name for person in people.value},
        sums=sums.value,
        terms=terms,
        year=today.year,
        values=dict(entries.form.fields) if entries else {"valid_from": today.isoformat()},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )
