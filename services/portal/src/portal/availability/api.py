"""When the visitor can work or help, when not, and who may know of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Json, Refused
from portal.availability import use_cases
from portal.availability.domain import KINDS, WEEKDAYS, day_of, windows_of, with_window, without_window
from portal.availability.queries import get_availability
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.hours.domain import HOME_ZONE
from portal.languages import translate
from portal.pages import go, show
from portal.people.queries import find_consent, list_leaves
from portal.people.use_cases import close_passport, decide_leave, open_passport, record_leave
from portal.visits import SignedForm, Visit, Visitor
from portal.workers.queries import list_own_records

router = APIRouter()
WINDOWS_MAX = 100


@router.get("/availability")
async def show_availability(request: Request, visitor: Visit) -> HTMLResponse:
    """Weekly windows, leave and the passport, for each association by itself."""
    return await _show(visitor, request.query_params.get("of", ""), None, None)


@router.post("/availability/{person_id}/windows")
async def add_window(person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """One more window on each ticked weekday."""
    own_id = await _own(visitor, person_id)
    entries = Entries(form)
    kind = entries.choice("kind", KINDS)
    starts, ends = entries.clock_time("starts"), entries.clock_time("ends")
    weekdays = [weekday for weekday in WEEKDAYS if str(weekday) in form.all("weekday")]
    if not weekdays:
        entries.refuse("weekday", translate("Choose at least one day of the week."))
    if starts and ends and ends <= starts and ends.hour + ends.minute:
        entries.refuse("ends", translate("It must end after it starts."))
    if entries.errors or starts is None or ends is None:
        return await _show(visitor, own_id, entries, None)
    known = await get_availability(visitor, own_id)
    windows = with_window(known["windows"], weekdays, starts, ends, kind)[:WINDOWS_MAX]
    return await _then_show(visitor, own_id, use_cases.set_windows(visitor, own_id, windows, known["version"]))


@router.post("/availability/{person_id}/windows/{number}/removal")
async def remove_window(person_id: UUID, number: int, visitor: Visit, form: SignedForm) -> Response:
    """Take one window off, on the list that was seen."""
    own_id = await _own(visitor, person_id)
    version = Entries(form).number("version", 1, 999_999_999)
    known = await get_availability(visitor, own_id)
    windows = without_window(known["windows"], number)
    removed = use_cases.set_windows(visitor, own_id, windows, version or known["version"])
    return await _then_show(visitor, own_id, removed)


@router.post("/availability/{person_id}/leave")
async def ask_for_leave(person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Ask for days off."""
    own_id = await _own(visitor, person_id)
    entries = Entries(form)
    first, last = entries.day("first_on"), entries.day("last_on")
    if first and last and last < first:
        entries.refuse("last_on", translate("The last day lies before the first."))
    if entries.errors or first is None or last is None:
        return await _show(visitor, own_id, entries, None)
    return await _then_show(visitor, own_id, record_leave(visitor, own_id, (first, last), form.get("key")))


@router.post("/availability/{person_id}/leave/{leave_id}/withdrawal")
async def withdraw_leave(person_id: UUID, leave_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take leave back."""
    own_id = await _own(visitor, person_id)
    leave = next((one for one in await list_leaves(visitor, own_id) if one.id == str(leave_id)), None)
    if leave is None:
        raise Refused(404, "not-found", "There is no such leave", None)
    return await _then_show(visitor, own_id, decide_leave(visitor, leave, "withdrawn"))


@router.post("/availability/{person_id}/passport")
async def open_or_close_passport(person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Let the other associations of the federation know papers, windows and hours, or no longer."""
    own_id = await _own(visitor, person_id)
    if form.get("answer") == "yes":
        return await _then_show(visitor, own_id, open_passport(visitor, own_id, form.get("key")))
    return await _then_show(visitor, own_id, close_passport(visitor, own_id))


async def _own(visitor: Visitor, person_id: UUID) -> str:
    """A record of the visitor's own. Raises Refused (404)."""
    if not any(record["id"] == str(person_id) for record in await list_own_records(visitor)):
        raise Refused(404, "not-found", "This is the record of somebody else", None)
    return str(person_id)


async def _then_show(visitor: Visitor, own_id: str, act: Awaitable[None]) -> Response:
    """Do it, then show the page; a refusal is shown there too."""
    try:
        await act
    except Refused as problem:
        return await _show(visitor, own_id, None, problem)
    return go(f"/availability?of={own_id}")


async def _show(visitor: Visitor, wanted: str, entries: Entries | None, problem: Refused | None) -> HTMLResponse:
    _ = visitor.person
    records, directory = await asyncio.gather(list_own_records(visitor), get_directory(visitor.asking))
    record = next((one for one in records if one["id"] == wanted), records[0] if records else None)
    facts: Json = await _facts(visitor, record["id"]) if record else {}
    return await show(
        visitor,
        "availability/availability.html",
        status=problem.status if problem else 422 if entries else 200,
        records=records,
        record=record,
        directory=directory,
        kinds=KINDS,
        weekdays=[(weekday, day_of(weekday)) for weekday in WEEKDAYS],
        values=dict(entries.form.fields) if entries else {"starts": "14:00", "ends": "18:00", "kind": "available"},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        **facts,
    )


async def _facts(visitor: Visitor, own_id: str) -> Json:
    known, leaves, consent = await asyncio.gather(
        get_availability(visitor, own_id), list_leaves(visitor, own_id), find_consent(visitor, own_id)
    )
    today: date = now().astimezone(HOME_ZONE).date()
    return {
        "windows": windows_of(known["windows"]), "version": known["version"], "consent": consent, "today": today,
        "leaves": [leave for leave in leaves if leave.kind == "leave" and leave.ends_on >= today],
    }  # fmt: skip
