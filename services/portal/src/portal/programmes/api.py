"""The programme editor: programmes from draft to closed, and their activities."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.agenda.domain import days_of
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.pages import go, show
from portal.planning.queries import get_planner_post, list_activities
from portal.programmes import use_cases
from portal.programmes.domain import NEXT_STATE, OBJECTIVES_MAX, WAITING_RULES, Programme, can_step
from portal.programmes.queries import get_own_activity, get_own_programme, list_programmes
from portal.roster.queries import get_runner_post
from portal.sessions.domain import session_of
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
BASE = "/manage/{slug}/programmes"
OFFER_HOURS_MAX = 336
DESCRIPTION_CHARACTERS_MAX = 4_000


@router.get(BASE)
async def show_programmes(slug: str, visitor: Visit) -> HTMLResponse:
    """All programmes of the association with their activities."""
    post = await get_runner_post(visitor, slug)
    programmes, activities = await asyncio.gather(
        part(list_programmes(visitor, post), []), part(list_activities(visitor, post), [])
    )
    by_programme: dict[str, list[Any]] = {}
    for activity in activities.value:
        by_programme.setdefault(activity["programme_id"], []).append(activity)
    return await show(
        visitor,
        "programmes/programmes.html",
        association=post.organisation,
        post=post,
        programmes=programmes,
        by_programme=by_programme,
    )


@router.get("/manage/{slug}/new-programme")
async def ask_for_programme(slug: str, visitor: Visit) -> HTMLResponse:
    """The form for a new programme."""
    return await _show_form(visitor, slug, None, None, None)


@router.post(BASE)
async def draft_programme(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Write a draft."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    body = {"organisation_id": post.organisation.id, **_programme_body(entries)}
    if entries.errors:
        return await _show_form(visitor, slug, None, entries, None)
    try:
        drafted = await use_cases.draft_programme(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_form(visitor, slug, None, entries, problem)
    return go(f"/manage/{slug}/programmes/{drafted.id}")


@router.get(f"{BASE}/{{programme_id}}")
async def show_programme(slug: str, programme_id: UUID, visitor: Visit) -> HTMLResponse:
    """One programme: its activities, and the step that comes next."""
    return await _show_programme(visitor, slug, str(programme_id), None)


@router.post(f"{BASE}/{{programme_id}}/step")
async def step_programme(slug: str, programme_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Approve, publish or close."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    state, version = entries.choice("state", NEXT_STATE.values()), entries.number("version", 1, 999_999_999)
    if version is None or entries.errors:
        return go(f"/manage/{slug}/programmes/{programme_id}")
    try:
        await use_cases.step_programme(visitor, str(programme_id), state, version)
    except Refused as problem:
        return await _show_programme(visitor, slug, str(programme_id), problem)
    return go(f"/manage/{slug}/programmes/{programme_id}")


@router.get(f"{BASE}/{{programme_id}}/edit")
async def ask_for_rewriting(slug: str, programme_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form to rewrite a draft."""
    return await _show_form(visitor, slug, str(programme_id), None, None)


@router.post(f"{BASE}/{{programme_id}}/edit")
async def rewrite_programme(slug: str, programme_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Rewrite a draft."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    body, version = _programme_body(entries), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_form(visitor, slug, str(programme_id), entries, None)
    try:
        await use_cases.rewrite_programme(visitor, str(programme_id), body, version)
    except Refused as problem:
        return await _show_form(visitor, slug, str(programme_id), entries, problem)
    return go(f"/manage/{slug}/programmes/{programme_id}")


@router.get(f"{BASE}/{{programme_id}}/new-activity")
async def ask_for_activity(slug: str, programme_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form for a new activity."""
    post = await get_planner_post(visitor, slug)
    programme = await get_own_programme(visitor, post, str(programme_id))
    return await _show_activity(visitor, slug, programme, None, None, None)


@router.post(f"{BASE}/{{programme_id}}/new-activity")
async def add_activity(slug: str, programme_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Add an activity."""
    post = await get_planner_post(visitor, slug)
    programme = await get_own_programme(visitor, post, str(programme_id))
    entries = Entries(form)
    body = {"programme_id": programme.id, **_activity_body(entries)}
    if entries.errors:
        return await _show_activity(visitor, slug, programme, None, entries, None)
    try:
        added = await use_cases.add_activity(visitor, body, form.get("key"))
    except Refused as problem:
        return await _show_activity(visitor, slug, programme, None, entries, problem)
    return go(f"/manage/{slug}/activities/{added['id']}")


@router.get("/manage/{slug}/activities/{activity_id}")
async def show_activity(slug: str, activity_id: UUID, visitor: Visit) -> HTMLResponse:
    """One activity: its sessions, and the form to change it."""
    post = await get_planner_post(visitor, slug)
    activity = await get_own_activity(visitor, post, str(activity_id))
    programme = await get_own_programme(visitor, post, activity["programme_id"])
    return await _show_activity(visitor, slug, programme, activity, None, None)


@router.post("/manage/{slug}/activities/{activity_id}")
async def change_activity(slug: str, activity_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Change an activity."""
    post = await get_planner_post(visitor, slug)
    activity = await get_own_activity(visitor, post, str(activity_id))
    programme = await get_own_programme(visitor, post, activity["programme_id"])
    entries = Entries(form)
    body, version = _activity_body(entries), entries.number("version", 1, 999_999_999)
    if activity["published"]:
        body = {name: body[name] for name in ("title", "description", "audience")}
    if entries.errors or version is None:
        return await _show_activity(visitor, slug, programme, activity, entries, None)
    try:
        await use_cases.change_activity(visitor, str(activity_id), body, version)
    except Refused as problem:
        return await _show_activity(visitor, slug, programme, activity, entries, problem)
    return go(f"/manage/{slug}/programmes/{programme.id}")


def _programme_body(entries: Entries) -> dict[str, Any]:
    starts_on, ends_on = entries.day("starts_on"), entries.day("ends_on")
    given = [number for number in range(OBJECTIVES_MAX) if entries.form.get(f"statement-{number}").strip()]
    objectives = [
        {
            "statement": entries.text(f"statement-{number}"),
            "indicator": entries.text(f"indicator-{number}"),
            "unit": entries.text(f"unit-{number}"),
            "target": entries.number(f"target-{number}", 0, 100_000),
        }
        for number in given
    ]
    return {
        "title": entries.text("title"),
        "season": entries.text("season"),
        "audience": entries.text("audience"),
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_on": ends_on.isoformat() if ends_on else None,
        "objectives": objectives,
    }


def _activity_body(entries: Entries) -> dict[str, Any]:
    body: dict[str, Any] = {
        "title": entries.text("title"),
        "description": entries.text("description", required=False, characters_max=DESCRIPTION_CHARACTERS_MAX),
        "audience": entries.text("audience"),
    }
    if entries.form.get("waiting_rule"):
        hours = entries.number("hours_before", 0, 8_760, otherwise=24)
        body |= {
            "waiting_rule": entries.choice("waiting_rule", WAITING_RULES),
            "offer_hours": entries.number("offer_hours", 1, OFFER_HOURS_MAX, otherwise=48),
            "cancellation_terms": {
                "steps": [{"hours_before": hours, "percent": 100}],
                "excused_percent": entries.number("excused_percent", 0, 100, otherwise=50),
            },
        }
    return body


async def _show_programme(visitor: Visitor, slug: str, programme_id: str, problem: Refused | None) -> HTMLResponse:
    post = await get_runner_post(visitor, slug)
    programme = await get_own_programme(visitor, post, programme_id)
    activities = await part(list_activities(visitor, post, programme_id), [])
    return await show(
        visitor,
        "programmes/programme.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        post=post,
        programme=programme,
        activities=activities,
        can_step=can_step(programme, post),
        problem=problem,
    )


async def _show_form(
    visitor: Visitor, slug: str, programme_id: str | None, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    programme = await get_own_programme(visitor, post, programme_id) if programme_id else None
    values = dict(entries.form.fields) if entries else _values_of(programme)
    return await show(
        visitor,
        "programmes/form.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        programme=programme,
        values=values,
        errors=entries.errors if entries else {},
        problem=problem,
        objectives=range(OBJECTIVES_MAX),
        key=values.get("key") or str(new_id()),
    )


def _values_of(programme: Programme | None) -> dict[str, str]:
    if programme is None:
        return {}
    values = {
        "title": programme.title, "season": programme.season, "audience": programme.audience,
        "starts_on": programme.starts_on.isoformat(), "ends_on": programme.ends_on.isoformat(),
    }  # fmt: skip
    for number, objective in enumerate(programme.objectives[:OBJECTIVES_MAX]):
        for name in ("statement", "indicator", "unit", "target"):
            values[f"{name}-{number}"] = str(objective[name])
    return values


async def _show_activity(
    visitor: Visitor,
    slug: str,
    programme: Programme,
    activity: dict[str, Any] | None,
    entries: Entries | None,
    problem: Refused | None,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    upcoming = part(_upcoming_sessions(visitor, activity["id"]), []) if activity else part(_nothing(), [])
    sessions, directory = await asyncio.gather(upcoming, get_directory(visitor.asking))
    return await show(
        visitor,
        "programmes/activity.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        programme=programme,
        activity=activity,
        values=dict(entries.form.fields) if entries else _activity_values(activity),
        errors=entries.errors if entries else {},
        problem=problem,
        sessions=sessions,
        days=days_of(sessions.value),
        waiting_rules=WAITING_RULES,
        key=str(new_id()),
        directory=directory,
    )


async def _nothing() -> list[Any]:
    return []


async def _upcoming_sessions(visitor: Visitor, activity_id: str) -> list[Any]:
    answers = await visitor.asking.list_all(
        "activities", "/sessions", activity_id=activity_id, starts_from=now().isoformat()
    )
    return [session_of(answer) for answer in answers]


def _activity_values(activity: dict[str, Any] | None) -> dict[str, str]:
    if activity is None:
        return {"waiting_rule": "arrival", "offer_hours": "48", "hours_before": "24", "excused_percent": "50"}
    terms = activity["cancellation_terms"]
    full = [step["hours_before"] for step in terms["steps"] if step["percent"] == 100]
    return {
        "title": activity["title"], "description": activity["description"], "audience": activity["audience"],
        "waiting_rule": activity["waiting_rule"], "offer_hours": str(activity["offer_hours"]),
        "hours_before": str(min(full, default=24)), "excused_percent": str(terms["excused_percent"]),
    }  # fmt: skip
