"""My shifts, and the open ones that I could take."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.pages import go, show
from portal.shifts import use_cases
from portal.shifts.domain import days_of_shifts
from portal.shifts.queries import list_own_assignments, list_shifts
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
DAYS_AHEAD = 60


@router.get("/shifts")
async def show_shifts(visitor: Visit) -> HTMLResponse:
    """What the visitor is on, and open shifts where they work."""
    return await _show_shifts(visitor, None)


@router.post("/shifts/{shift_id}/sign-up")
async def sign_up(shift_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Take an open shift."""
    try:
        await use_cases.sign_up(visitor, str(shift_id), form.get("key"))
    except Refused as problem:
        return await _show_shifts(visitor, problem)
    return go("/shifts")


@router.post("/shifts/leave/{assignment_id}")
async def leave(assignment_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Give a shift back."""
    try:
        await use_cases.release(visitor, str(assignment_id))
    except Refused as problem:
        return await _show_shifts(visitor, problem)
    return go("/shifts")


async def _show_shifts(visitor: Visitor, problem: Refused | None) -> HTMLResponse:
    _ = visitor.person
    moment = now()
    own, found = await asyncio.gather(
        part(list_own_assignments(visitor, moment), []),
        part(list_shifts(visitor, None, moment, moment + timedelta(days=DAYS_AHEAD), is_open=True), []),
    )
    taken = {shift.id for _, shift in own.value}
    free = [shift for shift in found.value if shift.missing and shift.id not in taken]
    return await show(
        visitor,
        "shifts/shifts.html",
        status=problem.status if problem else 200,
        own=own,
        found=found,
        days=days_of_shifts(free),
        problem=problem,
        key=str(new_id()),
    )
