"""The log of a session: what happened, who was told, and what is to do after it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.incidents import queries, use_cases
from portal.incidents.domain import SEVERITIES
from portal.pages import go, show
from portal.roster.queries import get_own_session, get_roster, get_runner_post
from portal.sessions.domain import Session
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
PATH = "/manage/{slug}/sessions/{session_id}/incidents"
REPORT_CHARACTERS_MAX = 4_000


@router.get(PATH)
async def show_incidents(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """The log, and the form for another entry."""
    return await _show(visitor, slug, str(session_id), None, None)


@router.post(PATH)
async def log_incident(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what happened, and at once what is to do if somebody knows."""
    post = await get_runner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    entries = Entries(form)
    body = _report(entries, session)
    has_task = bool(form.get("task").strip())
    task, due_on = (entries.text("task"), entries.day("due_on")) if has_task else ("", None)
    if entries.errors:
        return await _show(visitor, slug, session.id, entries, None)
    key = form.get("key")
    try:
        logged = await use_cases.log_incident(visitor, session.id, body, key)
        if due_on is not None:
            await use_cases.add_follow_up(visitor, logged["id"], task, due_on.isoformat(), f"{key}-task")
    except Refused as problem:
        return await _show(visitor, slug, session.id, entries, problem)
    return go(f"/manage/{slug}/sessions/{session_id}/incidents")


@router.post(f"{PATH}/{{incident_id}}/follow-ups")
async def add_follow_up(slug: str, session_id: UUID, incident_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write down what else is to do."""
    await get_runner_post(visitor, slug)
    entries = Entries(form)
    task, due_on = entries.text("task"), entries.day("due_on")
    if entries.errors or due_on is None:
        return await _show(visitor, slug, str(session_id), entries, None)
    try:
        await use_cases.add_follow_up(visitor, str(incident_id), task, due_on.isoformat(), form.get("key"))
    except Refused as problem:
        return await _show(visitor, slug, str(session_id), entries, problem)
    return go(f"/manage/{slug}/sessions/{session_id}/incidents")


@router.post(f"{PATH}/follow-ups/{{follow_up_id}}")
async def settle_follow_up(
    slug: str, session_id: UUID, follow_up_id: UUID, visitor: Visit, form: SignedForm
) -> Response:
    """Say that something was done, or that it is to do again."""
    await get_runner_post(visitor, slug)
    version = Entries(form).number("version", 1, 999_999_999)
    try:
        if version is not None:
            is_done = form.get("act") != "again"
            await use_cases.settle_follow_up(visitor, str(follow_up_id), version, is_done=is_done)
    except Refused as problem:
        return await _show(visitor, slug, str(session_id), None, problem)
    return go(f"/manage/{slug}/sessions/{session_id}/incidents")


def _report(entries: Entries, session: Session) -> dict[str, object]:
    """The incident as the activities service takes it; the form tells the time on the clock of the site."""
    on, at = entries.day("on"), entries.clock_time("at")
    happened = datetime.combine(on, at, ZoneInfo(session.time_zone)).isoformat() if on and at else None
    return {
        "happened_at": happened,
        "place": entries.text("place"),
        "what_happened": entries.text("what_happened", characters_max=REPORT_CHARACTERS_MAX),
        "severity": entries.choice("severity", SEVERITIES),
        "first_aid": entries.text("first_aid", required=False, characters_max=REPORT_CHARACTERS_MAX),
        "told": entries.text("told", required=False, characters_max=REPORT_CHARACTERS_MAX),
        "participant_ids": sorted(
            name.removeprefix("who-") for name, _ in entries.form.fields if name.startswith("who-")
        ),
    }


async def _show(
    visitor: Visitor, slug: str, session_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_runner_post(visitor, slug)
    session = await get_own_session(visitor, post, session_id)
    roster = await get_roster(visitor, session.id)
    moment = now().astimezone(session.starts_at.tzinfo)
    fresh = {"on": moment.date().isoformat(), "at": f"{moment:%H:%M}", "severity": "minor"}
    return await show(
        visitor,
        "incidents/incidents.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        session=session,
        roster=roster,
        directory=await get_directory(visitor.asking),
        incidents=await queries.list_incidents(visitor, session, roster, moment.date()),
        severities=SEVERITIES,
        values=dict(entries.form.fields) if entries else fresh,
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )
