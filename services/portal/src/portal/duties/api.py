"""The calendar of a team by person, on which a shift is dragged from one to another."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.agenda.domain import Week
from portal.asking import Refused, part
from portal.duties import use_cases
from portal.duties.domain import change_of, rows_of
from portal.duties.queries import list_leaves_of_week
from portal.home_clock import home_today
from portal.pages import go, show
from portal.people.queries import list_people
from portal.planning.domain import asked_monday
from portal.planning.queries import get_planner_post
from portal.rota.domain import moments_of_week
from portal.shifts.queries import list_shifts
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
BASE = "/manage/{slug}/calendar/people"


@router.get(BASE)
async def show_week(slug: str, request: Request, visitor: Visit) -> HTMLResponse:
    """A week of the team: what everybody does, who is away, and what nobody does yet."""
    return await _show_week(visitor, slug, request.query_params.get("week"), dict(request.query_params), None)


@router.post(BASE)
async def change_duty(slug: str, visitor: Visit, form: SignedForm) -> Response:
    """Give a place to somebody else, or take somebody off; the week then offers to undo it."""
    await get_planner_post(visitor, slug)
    shift_id, person_id, before_id = form.get("shift"), form.get("person"), form.get("before")
    ids = [shift_id, *(one for one in (form.get("assignment"), person_id, before_id) if one)]
    try:
        if not all(map(is_id, ids)) or not (person_id or form.get("assignment")):
            raise Refused(422, "invalid-request", "Drag a shift to somebody's row", None)
        await use_cases.change_duty(visitor, shift_id, form.get("assignment"), person_id, form.get("key"))
    except Refused as problem:
        return await _show_week(visitor, slug, form.get("week"), {"shift": shift_id}, problem)
    changed = {} if form.get("is_undo") else {"shift": shift_id, "now": person_id, "before": before_id}
    return go(f"/manage/{slug}/calendar/people?{urlencode({'week': form.get('week'), **changed})}")


async def _show_week(
    visitor: Visitor, slug: str, week: str | None, asked: dict[str, str], problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    today = home_today()
    monday = asked_monday(week, today)
    shifts, people, leaves = await asyncio.gather(
        part(list_shifts(visitor, post.organisation.id, *moments_of_week(monday)), []),
        part(list_people(visitor, post), []),
        part(list_leaves_of_week(visitor, monday), []),
    )
    rows = rows_of(monday, shifts.value, people.value, leaves.value)
    return await show(
        visitor,
        "duties/week.html",
        status=problem.status if problem else 200,
        association=post.organisation,
        week=Week(monday),
        today=today,
        rows=rows,
        names={one.id: one.display_name for one in people.value},
        missing=next((one.missing for one in (shifts, people, leaves) if one.missing), None),
        change=None if problem else change_of(asked, shifts.value),
        refused=next((one for one in shifts.value if one.id == asked.get("shift")), None) if problem else None,
        problem=problem,
        key=str(new_id()),
    )
