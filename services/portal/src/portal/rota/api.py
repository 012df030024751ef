"""The rota: a week of shifts with how well they are covered, one shift with who could do it, and proposals."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.agenda.domain import Week
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.exporting import Kind, send_list
from portal.home_clock import home_today
from portal.home_zone import HOME_ZONE
from portal.languages import translate
from portal.pages import go, show, show_part, wants_part, word
from portal.people.domain import PAPER_KINDS
from portal.planning.domain import asked_monday, monday_of
from portal.planning.queries import get_planner_post
from portal.roster.queries import get_own_session
from portal.rota import queries, use_cases
from portal.rota.domain import Reason, count_missing, moments_of, moments_of_week
from portal.shifts.domain import ROLES, days_of_shifts
from portal.shifts.queries import list_shifts
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
BASE = "/manage/{slug}/rota"
PAPERS_WATCHED = timedelta(days=60)
PLACES_MAX = 200
VERSION_MAX = 999_999_999


@router.get(BASE)
async def show_rota(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """A week of shifts, papers that are about to expire, and the way to a proposal."""
    return await _show_rota(visitor, slug, request.query_params.get("week"), None, None)


@router.get(f"{BASE}.{{kind}}")
async def send_rota(slug: str, kind: Kind, request: Request, visitor: Visit) -> Response:
    """The shifts of a week with who is on them, as a file."""
    post, today = await get_planner_post(visitor, slug), home_today()
    monday = asked_monday(request.query_params.get("week"), today)
    shifts, names = await asyncio.gather(
        list_shifts(visitor, post.organisation.id, *moments_of_week(monday)),
        queries.map_names(visitor, post),
    )
    headings = [
        translate("From"), translate("Until"), translate("Shift"), translate("As"), translate("Places"),
        translate("Missing"), translate("People"),
    ]  # fmt: skip
    rows = [
        (
            shift.starts_at, shift.ends_at, shift.title, word("recruitment/words.html", "role_name", shift.role),
            shift.places, shift.missing, ", ".join(names.get(one.person_id, "–") for one in shift.assigned),
        )
        for day in days_of_shifts(shifts)
        for shift in day.shifts
    ]  # fmt: skip
    return send_list(kind, f"rota-{monday}", headings, rows)


@router.post(f"{BASE}/shifts")
async def plan_shift_beside_sessions(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Plan a shift that belongs to no session: reception, setting up."""
    post = await get_planner_post(visitor, slug)
    entries = Entries(form)
    needs = {"title": entries.text("title"), "role": entries.choice("role", ROLES), **_needs(entries)}
    on, starts, ends = entries.day("on"), entries.clock_time("starts"), entries.clock_time("ends")
    if entries.errors or on is None or starts is None or ends is None:
        return await _show_rota(visitor, slug, form.get("on"), entries, None)
    starts_at, ends_at = moments_of(on, starts, ends, HOME_ZONE)
    needs |= {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    try:
        await use_cases.plan_shift_beside_sessions(visitor, post, needs, form.get("key"))
    except Refused as problem:
        return await _show_rota(visitor, slug, form.get("on"), entries, problem)
    return go(f"/manage/{slug}/rota?week={monday_of(on)}")


@router.post(f"{BASE}/proposals")
async def request_proposal(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Ask who could fill the shifts of a week."""
    post = await get_planner_post(visitor, slug)
    from_at, until_at = moments_of_week(asked_monday(form.get("week"), home_today()))
    asked = await use_cases.request_proposal(visitor, post, from_at, until_at, form.get("key"))
    return go(f"/manage/{slug}/rota/proposals/{asked['id']}")


@router.get(f"{BASE}/proposals/{{proposal_id}}")
async def show_proposal(slug: str, proposal_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """Who is proposed and why not the others; looks again by itself until the proposal is ready."""
    return await _show_proposal(visitor, slug, str(proposal_id), request, [])


@router.post(f"{BASE}/proposals/{{proposal_id}}")
async def accept_proposal(slug: str, proposal_id: UUID, request: Request, visitor: Visit, form: SignedForm) -> Response:
    """Assign what was proposed for the ticked shifts."""
    post = await get_planner_post(visitor, slug)
    proposal = await queries.get_proposal(visitor, str(proposal_id))
    kept = form.all("kept")
    without = [one.shift.id for one in proposal.shifts if one.shift.id not in kept]
    refused = await use_cases.accept_proposal(visitor, proposal.id, without)
    if refused:
        return await _show_proposal(visitor, slug, proposal.id, request, refused)
    week = monday_of(min((one.shift.starts_at.date() for one in proposal.shifts), default=home_today()))
    return go(f"/manage/{post.organisation.slug}/rota?week={week}")


@router.get(f"{BASE}/shifts/{{shift_id}}")
async def show_shift(slug: str, shift_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """One shift: who is on it, and who could be, here and in other associations, with what speaks against it."""
    return await _show_shift(visitor, slug, str(shift_id), None, is_asked="asked" in request.query_params)


@router.post(f"{BASE}/shifts/{{shift_id}}")
async def change_shift(slug: str, shift_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Change what the shift needs; one of a session keeps the title of the session."""
    post = await get_planner_post(visitor, slug)
    shift = await queries.get_own_shift(visitor, post, str(shift_id))
    entries = Entries(form)
    changes, version = _needs(entries), entries.number("version", 1, VERSION_MAX)
    if shift.session_id is None:
        changes["title"] = entries.text("title")
    if entries.errors or version is None:
        return await _show_shift(visitor, slug, shift.id, None, entries=entries)
    try:
        await use_cases.change_shift(visitor, shift.id, changes, version)
    except Refused as problem:
        return await _show_shift(visitor, slug, shift.id, problem, entries=entries)
    return go(f"/manage/{slug}/rota/shifts/{shift_id}")


@router.post(f"{BASE}/shifts/{{shift_id}}/cancellation")
async def cancel_shift(slug: str, shift_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Call the shift off; who is on it is told."""
    post = await get_planner_post(visitor, slug)
    shift = await queries.get_own_shift(visitor, post, str(shift_id))
    try:
        await use_cases.cancel_shift(visitor, shift.id)
    except Refused as problem:
        return await _show_shift(visitor, slug, shift.id, problem)
    return go(f"/manage/{slug}/rota?week={monday_of(shift.starts_at.date())}")


@router.post(f"{BASE}/shifts/{{shift_id}}/assignments")
async def assign(slug: str, shift_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Put somebody on the shift."""
    await get_planner_post(visitor, slug)
    entries = Entries(form)
    because = entries.text("because", required=False)
    try:
        await use_cases.assign(visitor, str(shift_id), form.get("person"), because, form.get("key"))
    except Refused as problem:
        return await _show_shift(visitor, slug, str(shift_id), problem)
    return go(f"/manage/{slug}/rota/shifts/{shift_id}")


@router.post(f"{BASE}/shifts/{{shift_id}}/elsewhere")
async def ask_elsewhere(slug: str, shift_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask people of other associations to take a place; the first who accepts has it."""
    await get_planner_post(visitor, slug)
    chosen = [person_id for person_id in form.all("person") if is_id(person_id)]
    if chosen:
        try:
            await use_cases.ask_elsewhere(visitor, str(shift_id), chosen, form.get("key"))
        except Refused as problem:
            return await _show_shift(visitor, slug, str(shift_id), problem)
    return go(f"/manage/{slug}/rota/shifts/{shift_id}" + ("?asked" if chosen else ""))


@router.post(f"{BASE}/shifts/{{shift_id}}/release/{{assignment_id}}")
async def release(slug: str, shift_id: UUID, assignment_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take somebody off the shift."""
    await get_planner_post(visitor, slug)
    try:
        await use_cases.release(visitor, str(assignment_id))
    except Refused as problem:
        return await _show_shift(visitor, slug, str(shift_id), problem)
    return go(f"/manage/{slug}/rota/shifts/{shift_id}")


@router.post("/manage/{slug}/sessions/{session_id}/shifts")
async def plan_shift(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Plan a shift of a session, for as many people as are needed."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    entries = Entries(form)
    places = entries.number("places", 1, PLACES_MAX, otherwise=1) or 1
    needs = {"role": form.get("role") or "animator", "places": places, "is_open": bool(form.get("is_open"))}
    await use_cases.plan_shift(visitor, session.id, needs, form.get("key"))
    return go(f"/manage/{slug}/rota?week={monday_of(session.starts_at.date())}")


@router.post("/manage/{slug}/sessions/{session_id}/proposals")
async def request_session_proposal(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask who could fill the shifts of one session."""
    post = await get_planner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    asked = await use_cases.request_session_proposal(visitor, session.id, form.get("key"))
    return go(f"/manage/{slug}/rota/proposals/{asked['id']}")


def _needs(entries: Entries) -> dict[str, object]:
    """What a shift needs, as both of its forms ask for it."""
    return {
        "places": entries.number("places", 1, PLACES_MAX, otherwise=1),
        "required": [kind for kind in PAPER_KINDS if kind in entries.form.all("required")],
        "is_open": bool(entries.form.get("is_open")),
    }


async def _show_rota(
    visitor: Visitor, slug: str, week: str | None, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    today = home_today()
    monday = asked_monday(week, today)
    from_at, until_at = moments_of_week(monday)
    shifts, names, papers = await asyncio.gather(
        part(list_shifts(visitor, post.organisation.id, from_at, until_at), []),
        part(queries.map_names(visitor, post), {}),
        part(queries.list_expiring_papers(visitor, post, now() + PAPERS_WATCHED), []),
    )
    return await show(
        visitor,
        "rota/rota.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        week=Week(monday),
        today=today,
        shifts=shifts,
        days=days_of_shifts(shifts.value),
        missing=count_missing(shifts.value),
        names=names.value,
        papers=papers,
        roles=ROLES,
        paper_kinds=PAPER_KINDS,
        values=dict(entries.form.fields) if entries else {"on": str(max(monday, today)), "places": "1"},
        required=entries.form.all("required") if entries else [],
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )


async def _show_shift(
    visitor: Visitor,
    slug: str,
    shift_id: str,
    problem: Refused | None,
    *,
    entries: Entries | None = None,
    is_asked: bool = False,
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    shift, names, candidates, neighbours = await asyncio.gather(
        queries.get_own_shift(visitor, post, shift_id),
        queries.map_names(visitor, post),
        queries.list_candidates(visitor, shift_id),
        queries.list_neighbours(visitor, shift_id),
    )
    on_it = {one.person_id for one in shift.assigned}
    values = {"title": shift.title, "places": str(shift.places), "is_open": "on" if shift.is_open else ""}
    values["version"] = str(shift.version)
    return await show(
        visitor,
        "rota/shift.html",
        status=problem.status if problem else 422 if entries else 200,
        paper_kinds=PAPER_KINDS,
        values=dict(entries.form.fields) if entries else values,
        required=entries.form.all("required") if entries else shift.required,
        errors=entries.errors if entries else {},
        association=post.organisation,
        shift=shift,
        names=names,
        candidates=[one for one in candidates if one["person_id"] not in on_it],
        neighbours=neighbours,
        is_asked=is_asked,
        directory=await get_directory(visitor.asking),
        problem=problem,
        key=str(new_id()),
    )


async def _show_proposal(
    visitor: Visitor, slug: str, proposal_id: str, request: Request, refused: list[Reason]
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    proposal, names = await asyncio.gather(queries.get_proposal(visitor, proposal_id), queries.map_names(visitor, post))
    facts: dict[str, Any] = {
        "association": post.organisation,
        "proposal": proposal,
        "names": names,
        "refused": refused,
        "here": f"/manage/{slug}/rota/proposals/{proposal_id}",
    }
    if wants_part(request):
        return show_part(visitor, "rota/proposed.html", **facts)
    return await show(visitor, "rota/proposal.html", status=409 if refused else 200, **facts)
