"""The calendar of a team by week and by place, and what is done with a session: move, change, call off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from portal.agenda.domain import Week
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.holds.domain import change_for, find_proposal
from portal.holds.queries import find_lost
from portal.home_clock import home_today
from portal.languages import translate
from portal.pages import go, show
from portal.planning import use_cases
from portal.planning.domain import asked_monday, calendar_of, monday_of, moved_to, places_of
from portal.planning.queries import get_planner_post, list_activities, sites_of
from portal.roster.queries import get_own_session, get_roster, get_runner_post
from portal.sessions.domain import Session
from portal.today.domain import short_sessions
from portal.today.queries import list_sessions, map_coverages
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
SESSION = "/manage/{slug}/sessions/{session_id}"
VIEWS = ("week", "place")


@router.get("/manage/{slug}/calendar")
async def show_calendar(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """A week of the association; `by=place` shows it by site and day."""
    post = await get_runner_post(visitor, slug)
    asked = request.query_params
    today = home_today()
    monday = asked_monday(asked.get("week"), today)
    found, coverages, activities, directory = await asyncio.gather(
        part(list_sessions(visitor, post, monday, monday + timedelta(days=6)), []),
        part(map_coverages(visitor), {}),
        part(list_activities(visitor, post), []),
        get_directory(visitor.asking),
    )
    short = {session.id for session in short_sessions(found.value, coverages.value)}
    wished = {name: asked.get(name, "") for name in ("site", "activity", "short")}
    sessions = [session for session in found.value if _is_wished(session, wished, short)]
    own_sites = [site.id for site in sites_of(directory, post) if site.parent_id == post.organisation.id]
    by = asked.get("by") if asked.get("by") in VIEWS else "week"
    kept = {name: value for name, value in {**wished, "by": by if by != "week" else ""}.items() if value}
    return await show(
        visitor,
        "planning/calendar.html",
        association=post.organisation,
        post=post,
        week=Week(monday),
        today=today,
        by=by,
        wished=wished,
        kept_query=f"{urlencode(kept)}&" if kept else "",
        sessions=found,
        activities=activities,
        coverages=coverages,
        short=short,
        calendar=calendar_of(monday, sessions),
        places=places_of(monday, sessions, own_sites),
        moved=_moved(asked, found.value),
        directory=directory,
        sites=sites_of(directory, post),
        moment=now(),
    )


@router.get("/manage/{slug}/calendar.{kind}")
async def send_calendar(slug: str, kind: Kind, request: Request, visitor: Visit) -> Response:
    """The sessions of a week as a file."""
    post, today = await get_runner_post(visitor, slug), home_today()
    monday = asked_monday(request.query_params.get("week"), today)
    sessions, directory = await asyncio.gather(
        list_sessions(visitor, post, monday, monday + timedelta(days=6)), get_directory(visitor.asking)
    )
    headings = [
        translate("From"), translate("Until"), translate("Session"), translate("Place"), translate("Rooms"),
        translate("Places"), translate("Taken"), translate("Called off"),
    ]  # fmt: skip
    rows = [
        (
            one.starts_at, one.ends_at, one.title, directory.name_of(one.site_id), ", ".join(one.rooms), one.capacity,
            one.taken, translate("Yes") if one.is_cancelled else translate("No"),
        )
        for one in sessions
    ]  # fmt: skip
    return send_list(kind, f"calendar-{monday}", headings, rows)


def _is_wished(session: Session, wished: dict[str, str], short: set[str]) -> bool:
    if wished["site"] and session.site_id != wished["site"]:
        return False
    if wished["activity"] and session.activity_id != wished["activity"]:
        return False
    return not wished["short"] or session.id in short


def _moved(asked: Mapping[str, str], sessions: list[Session]) -> dict[str, Any] | None:
    """The session that was just moved, with when and where it was before, so that it can be taken back."""
    session = next((one for one in sessions if one.id == asked.get("moved")), None)
    try:
        before = [datetime.fromisoformat(asked.get(name, "")) for name in ("from", "until")]
    except ValueError:
        return None
    if session is None:
        return None
    site_id = asked.get("at") or session.site_id
    return {"session": session, "starts_at": before[0], "ends_at": before[1], "site_id": site_id}


@router.get(f"{SESSION}/change")
async def ask_for_change(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """The form to move or change a session."""
    return await _show_change(visitor, slug, str(session_id), None, None)


@router.post(f"{SESSION}/change")
async def change_session(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Move or change a session, and show it in its new week with a way back."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    entries = Entries(form)
    changes = _changes(entries, session)
    version = entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_change(visitor, slug, session.id, entries, None)
    try:
        changed = await use_cases.change_session(visitor, session.id, changes, version)
    except Refused as problem:
        return await _show_change(visitor, slug, session.id, entries, problem)
    before = {
        "moved": changed.id, "from": session.starts_at.isoformat(), "until": session.ends_at.isoformat(),
        "at": session.site_id,
    }  # fmt: skip
    is_moved = changed.whereabouts != session.whereabouts
    way_back = before if is_moved and not form.get("is_undo") else {}
    query = urlencode({"week": monday_of(changed.starts_at.date()).isoformat(), **way_back})
    return go(f"/manage/{slug}/calendar?{query}")


@router.post(f"{SESSION}/instead")
async def take_instead(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask for what was proposed in place of what the session lost; at another hour it moves and everybody is told."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    hold, lost_id = await find_lost(visitor, session), form.get("lost")
    chosen = find_proposal(hold, lost_id, form.get("instead"), form.get("starts_at")) if hold else None
    try:
        if hold is None or chosen is None:
            raise Refused(409, "resource-not-free", "It is not proposed any more", None)
        changes = change_for(hold, lost_id, chosen, session)
        await use_cases.change_session(visitor, session.id, changes, session.version)
    except Refused as problem:
        return await _show_change(visitor, slug, session.id, None, problem)
    return go(f"/manage/{slug}/sessions/{session.id}")


def _changes(entries: Entries, session: Session) -> dict[str, object]:
    """What the form asks to be different; fields that it does not have stay as they are."""
    changes: dict[str, object] = {}
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    if on and starts and ends:
        period = moved_to(session, on, starts, ends)
        if period != (session.starts_at, session.ends_at):
            changes |= {"starts_at": period[0].isoformat(), "ends_at": period[1].isoformat()}
    sent = {name for name, _ in entries.form.fields}
    if "site" in sent and entries.form.get("site") != session.site_id:
        changes["site_id"] = entries.form.get("site")
    if "title" in sent:
        changes["title"] = entries.text("title")
    if "capacity" in sent:
        changes["capacity"] = entries.number("capacity", 1, 10_000)
    if "minimum" in sent:
        changes["minimum"] = entries.number("minimum", 0, 10_000, otherwise=0)
    return changes


async def _show_change(
    visitor: Visitor, slug: str, session_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    session, directory = await asyncio.gather(get_own_session(visitor, post, session_id), get_directory(visitor.asking))
    values = dict(entries.form.fields) if entries else _values_of(session)
    return await show(
        visitor,
        "planning/change.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        session=session,
        values={**_values_of(session), **values, "version": str(session.version)},
        errors=entries.errors if entries else {},
        problem=problem,
        can_change=session.is_bookable(now()),
        sites=sites_of(directory, post),
        directory=directory,
    )


def _values_of(session: Session) -> dict[str, str]:
    return {
        "on": session.starts_at.date().isoformat(),
        "starts": session.starts_at.strftime("%H:%M"),
        "ends": session.ends_at.strftime("%H:%M"),
        "site": session.site_id,
        "title": session.title,
        "capacity": str(session.capacity),
        "minimum": str(session.minimum),
    }


@router.get(f"{SESSION}/calling-off")
async def ask_to_call_off(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """What calling off would do, before it is done."""
    return await _show_calling_off(visitor, slug, str(session_id), {}, None)


@router.post(f"{SESSION}/calling-off")
async def call_off(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Call the session off."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    entries = Entries(form)
    reason, version = entries.text("reason"), entries.number("version", 1, 999_999_999)
    if entries.errors or version is None:
        return await _show_calling_off(visitor, slug, session.id, entries.errors, None)
    try:
        await use_cases.call_off(visitor, session.id, reason, version)
    except Refused as problem:
        return await _show_calling_off(visitor, slug, session.id, {}, problem)
    return go(f"/manage/{slug}/sessions/{session.id}")


async def _show_calling_off(
    visitor: Visitor, slug: str, session_id: str, errors: dict[str, str], problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    session, roster, directory = await asyncio.gather(
        get_own_session(visitor, post, session_id), get_roster(visitor, session_id), get_directory(visitor.asking)
    )
    return await show(
        visitor,
        "planning/calling_off.html",
        status=problem.status if problem else 422 if errors else 200,
        association=post.organisation,
        session=session,
        roster=roster,
        errors=errors,
        problem=problem,
        can_call_off=session.state == "scheduled",
        directory=directory,
    )
