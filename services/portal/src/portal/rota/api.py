"""The rota: a week of shifts with how well they are covered, one shift with who could do it, and proposals."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.agenda.domain import Week
from portal.asking import Json, Refused, part
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.pages import go, show, show_part, wants_part
from portal.planning.domain import monday_of
from portal.planning.queries import get_planner_post
from portal.roster.queries import get_own_session
from portal.rota import queries, use_cases
from portal.rota.domain import count_missing
from portal.shifts.domain import days_of_shifts
from portal.shifts.queries import list_shifts
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
BASE = "/manage/{slug}/rota"
HOME_ZONE = ZoneInfo("Europe/Brussels")
PAPERS_WATCHED = timedelta(days=60)
PLACES_MAX = 200


@router.get(BASE)
async def show_rota(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """A week of shifts, papers that are about to expire, and the way to a proposal."""
    post = await get_planner_post(visitor, slug)
    today = now().astimezone(HOME_ZONE).date()
    monday = monday_of((Week.parse(request.query_params.get("week"), today) or Week(today)).first)
    from_at, until_at = _moments(monday)
    shifts, names, papers = await asyncio.gather(
        part(list_shifts(visitor, post.organisation.id, from_at, until_at), []),
        part(queries.map_names(visitor, post), {}),
        part(queries.list_expiring_papers(visitor, post, now() + PAPERS_WATCHED), []),
    )
    return await show(
        visitor,
        "rota/rota.html",
        association=post.organisation,
        week=Week(monday),
        today=today,
        shifts=shifts,
        days=days_of_shifts(shifts.value),
        missing=count_missing(shifts.value),
        names=names.value,
        papers=papers,
        key=str(new_id()),
    )


@router.post(f"{BASE}/proposals")
async def request_proposal(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Ask who could fill the shifts of a week."""
    post = await get_planner_post(visitor, slug)
    week = Week.parse(form.get("week"), now().date()) or Week(now().date())
    from_at, until_at = _moments(monday_of(week.first))
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
    week = monday_of(min((one.shift.starts_at.date() for one in proposal.shifts), default=now().date()))
    return go(f"/manage/{post.organisation.slug}/rota?week={week}")


@router.get(f"{BASE}/shifts/{{shift_id}}")
async def show_shift(slug: str, shift_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """One shift: who is on it, and who could be, here and in other associations, with what speaks against it."""
    return await _show_shift(visitor, slug, str(shift_id), None, is_asked="asked" in request.query_params)


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


def _moments(monday: date) -> tuple[datetime, datetime]:
    from_at = datetime.combine(monday, time(), HOME_ZONE)
    return from_at, from_at + timedelta(days=7)


async def _show_shift(
    visitor: Visitor, slug: str, shift_id: str, problem: Refused | None, *, is_asked: bool = False
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    shift, names, candidates, neighbours = await asyncio.gather(
        queries.get_own_shift(visitor, post, shift_id),
        queries.map_names(visitor, post),
        queries.list_candidates(visitor, shift_id),
        queries.list_neighbours(visitor, shift_id),
    )
    on_it = {one.person_id for one in shift.assigned}
    return await show(
        visitor,
        "rota/shift.html",
        status=problem.status if problem else 200,
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
    visitor: Visitor, slug: str, proposal_id: str, request: Request, refused: list[Json]
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
