"""My shifts, and the open ones that I could take."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, part
from portal.directory.queries import get_directory
from portal.pages import go, show
from portal.shifts import use_cases
from portal.shifts.domain import days_of_shifts
from portal.shifts.queries import list_own_assignments, list_shifts
from portal.subscriptions.queries import list_addresses
from portal.substitutes import use_cases as substitutes
from portal.substitutes.queries import list_exchanges, list_searches
from portal.visits import SignedForm, Visit, Visitor, is_id
from portal.workers.queries import list_own_records
from portal.workers.use_cases import link_account

router = APIRouter()
DAYS_AHEAD = 60
CODE_CHARACTERS_MAX = 100


@router.get("/shifts")
async def show_shifts(request: Request, visitor: Visit) -> HTMLResponse:
    """What the visitor is on, and open shifts where they work."""
    return await _show_shifts(visitor, None, is_asked="asked" in request.query_params)


@router.post("/shifts/link")
async def link(visitor: Visit, form: SignedForm) -> Response:
    """Link the account to the record whose owner received the code."""
    try:
        await link_account(visitor, form.get("code").strip()[:CODE_CHARACTERS_MAX] or "-")
    except Refused as problem:
        return await _show_shifts(visitor, problem)
    return go("/shifts")


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


@router.post("/shifts/searches/{search_id}")
async def take_place(search_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Step in for somebody who cannot come."""
    try:
        await substitutes.step_in(visitor, str(search_id))
    except Refused as problem:
        return await _show_shifts(visitor, problem)
    return go("/shifts")


@router.post("/shifts/searches/{search_id}/withdrawal")
async def withdraw_search(search_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take a request for a substitute back: one comes after all."""
    try:
        await substitutes.withdraw_search(visitor, str(search_id))
    except Refused as problem:
        return await _show_shifts(visitor, problem)
    return go("/shifts")


@router.get("/shifts/substitute/{assignment_id}")
async def show_substitute(assignment_id: UUID, visitor: Visit) -> HTMLResponse:
    """How somebody else could come instead: by a substitute, or in exchange for a shift of theirs."""
    return await _show_substitute(visitor, str(assignment_id), None)


@router.post("/shifts/substitute/{assignment_id}")
async def seek_substitute(assignment_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask those who could come instead, or the one whose shift was chosen."""
    in_return = form.get("in_return") if is_id(form.get("in_return")) else ""
    try:
        await substitutes.seek_substitute(visitor, str(assignment_id), in_return, form.get("key"))
    except Refused as problem:
        return await _show_substitute(visitor, str(assignment_id), problem)
    return go("/shifts?asked")


@router.post("/shifts/absence/{assignment_id}")
async def cannot_come(assignment_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Say that one cannot come to a shift: that day is free, and others are asked."""
    own = await list_own_assignments(visitor, now())
    found = next((pair for pair in own if pair[0]["id"] == str(assignment_id)), None)
    if found is None:
        return go("/shifts")
    day = found[1].starts_at.date()
    try:
        await substitutes.report_absence(visitor, found[0]["person_id"], (day, day), form.get("key"))
    except Refused as problem:
        return await _show_shifts(visitor, problem)
    return go("/shifts")


async def _show_shifts(visitor: Visitor, problem: Refused | None, *, is_asked: bool = False) -> HTMLResponse:
    _ = visitor.person
    moment = now()
    own, records, searches, found = await asyncio.gather(
        part(list_own_assignments(visitor, moment), []),
        part(list_own_records(visitor), []),
        part(list_searches(visitor), []),
        part(list_shifts(visitor, None, moment, moment + timedelta(days=DAYS_AHEAD), is_open=True), []),
    )
    taken = {shift.id for _, shift in own.value}
    addresses, directory = await asyncio.gather(
        part(list_addresses(visitor, records.value), []), part(get_directory(visitor.asking), None)
    )
    mine = {assignment["id"]: shift for assignment, shift in own.value}
    free = [shift for shift in found.value if shift.missing and shift.id not in taken]
    return await show(
        visitor,
        "shifts/shifts.html",
        status=problem.status if problem else 200,
        own=own,
        records=records,
        found=found,
        searches=[one for one in searches.value if one.is_asked],
        sought={one.assignment_id: one for one in searches.value if one.assignment_id in mine},
        mine=mine,
        is_asked=is_asked,
        addresses=addresses,
        directory=directory.value,
        days=days_of_shifts(free),
        problem=problem,
        key=str(new_id()),
    )


async def _show_substitute(visitor: Visitor, assignment_id: str, problem: Refused | None) -> HTMLResponse:
    _ = visitor.person
    own = await part(list_own_assignments(visitor, now()), [])
    found = next((pair for pair in own.value if pair[0]["id"] == assignment_id), None)
    if found is None and not own.missing:
        raise Refused(404, "not-found", "You are not on this shift", None)
    exchanges = await part(list_exchanges(visitor, assignment_id), []) if found else own
    return await show(
        visitor,
        "shifts/substitute.html",
        status=problem.status if problem else 200,
        own=own,
        assignment=found[0] if found else None,
        shift=found[1] if found else None,
        exchanges=exchanges,
        problem=problem,
        key=str(new_id()),
    )
