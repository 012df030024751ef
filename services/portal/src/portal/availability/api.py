"""When the visitor can work or help, when not, and who may know of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import date, time
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Json, Refused
from portal.availability import use_cases
from portal.availability.domain import KINDS, WEEKDAYS, day_of, windows_of, with_window, without_window
from portal.availability.queries import get_availability
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.home_clock import home_today
from portal.languages import translate
from portal.pages import go, show
from portal.people.domain import Person
from portal.people.queries import find_consent, get_own_person, list_leaves
from portal.people.use_cases import close_passport, decide_leave, open_passport, record_leave
from portal.planning.queries import get_planner_post
from portal.visits import SignedForm, Visit, Visitor
from portal.workers.queries import list_own_records

router = APIRouter()
OF_PERSON = "/manage/{slug}/people/{person_id}/availability"
WINDOWS_MAX = 100
NEW_WINDOW = {"starts": "14:00", "ends": "18:00", "kind": "available"}
Wished = tuple[list[int], time, time, str]


@router.get("/availability")
async def show_availability(request: Request, visitor: Visit) -> HTMLResponse:
    """Weekly windows, leave and the passport, for each association by itself."""
    return await _show(visitor, request.query_params.get("of", ""), None, None)


@router.post("/availability/{person_id}/windows")
async def add_window(person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """One more window on each ticked weekday."""
    own_id = await _own(visitor, person_id)
    entries = Entries(form)
    wished = _window(entries)
    if wished is None:
        return await _show(visitor, own_id, entries, None)
    return await _then_show(visitor, own_id, _add(visitor, own_id, wished))


@router.post("/availability/{person_id}/windows/{number}/removal")
async def remove_window(person_id: UUID, number: int, visitor: Visit, form: SignedForm) -> Response:
    """Take one window off, on the list that was seen."""
    own_id = await _own(visitor, person_id)
    return await _then_show(visitor, own_id, _take_off(visitor, own_id, number, Entries(form)))


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


@router.get(OF_PERSON)
async def show_person(slug: str, person_id: UUID, visitor: Visit) -> HTMLResponse:
    """The usual week of somebody, for planners; they keep it for whoever has no account."""
    return await _show_person(visitor, slug, str(person_id), None, None)


@router.post(f"{OF_PERSON}/windows")
async def add_window_for(slug: str, person_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """One more window on each ticked weekday, as the person told the planner."""
    person = await _without_account(visitor, slug, person_id)
    entries = Entries(form)
    wished = _window(entries)
    if wished is None:
        return await _show_person(visitor, slug, person.id, entries, None)
    return await _then_show_person(visitor, slug, person.id, _add(visitor, person.id, wished))


@router.post(f"{OF_PERSON}/windows/{{number}}/removal")
async def remove_window_for(slug: str, person_id: UUID, number: int, visitor: Visit, form: SignedForm) -> Response:
    """Take one window of somebody off, on the list that was seen."""
    person = await _without_account(visitor, slug, person_id)
    return await _then_show_person(
        visitor, slug, person.id, _take_off(visitor, person.id, number, Entries(form))
    )  # fmt: skip


def _window(entries: Entries) -> Wished | None:
    """What the form asks for; None when something is to be changed."""
    kind = entries.choice("kind", KINDS)
    starts, ends = entries.clock_time("starts"), entries.clock_time("ends")
    weekdays = [weekday for weekday in WEEKDAYS if str(weekday) in entries.form.all("weekday")]
    if not weekdays:
        entries.refuse("weekday", translate("Choose at least one day of the week."))
    if starts and ends and ends <= starts and ends.hour + ends.minute:
        entries.refuse("ends", translate("It must end after it starts."))
    return None if entries.errors or starts is None or ends is None else (weekdays, starts, ends, kind)


async def _add(visitor: Visitor, person_id: str, wished: Wished) -> None:
    known = await get_availability(visitor, person_id)
    windows = with_window(known["windows"], *wished)[:WINDOWS_MAX]
    await use_cases.set_windows(visitor, person_id, windows, known["version"])


async def _take_off(visitor: Visitor, person_id: str, number: int, entries: Entries) -> None:
    version = entries.number("version", 1, 999_999_999)
    known = await get_availability(visitor, person_id)
    windows = without_window(known["windows"], number)
    await use_cases.set_windows(visitor, person_id, windows, version or known["version"])


async def _without_account(visitor: Visitor, slug: str, person_id: UUID) -> Person:
    """Somebody of the association who does not say so himself. Raises Refused (403, 404)."""
    post = await get_planner_post(visitor, slug)
    person = await get_own_person(visitor, post, str(person_id))
    if person.has_account:
        raise Refused(403, "forbidden", "Who has an account says so himself", None)
    return person


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
        values=dict(entries.form.fields) if entries else NEW_WINDOW,
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
        **facts,
    )


async def _facts(visitor: Visitor, own_id: str) -> Json:
    known, leaves, consent = await asyncio.gather(
        get_availability(visitor, own_id), list_leaves(visitor, own_id), find_consent(visitor, own_id)
    )
    today: date = home_today()
    return {
        "windows": windows_of(known["windows"]), "version": known["version"], "consent": consent, "today": today,
        "leaves": [leave for leave in leaves if leave.kind == "leave" and leave.ends_on >= today],
    }  # fmt: skip


async def _then_show_person(visitor: Visitor, slug: str, person_id: str, act: Awaitable[None]) -> Response:
    try:
        await act
    except Refused as problem:
        return await _show_person(visitor, slug, person_id, None, problem)
    return go(f"/manage/{slug}/people/{person_id}/availability")


async def _show_person(
    visitor: Visitor, slug: str, person_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_planner_post(visitor, slug)
    person, known = await asyncio.gather(
        get_own_person(visitor, post, person_id), get_availability(visitor, person_id)
    )  # fmt: skip
    return await show(
        visitor,
        "availability/person.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        person=person,
        windows=windows_of(known["windows"]),
        version=known["version"],
        kinds=KINDS,
        weekdays=[(weekday, day_of(weekday)) for weekday in WEEKDAYS],
        values=dict(entries.form.fields) if entries else NEW_WINDOW,
        errors=entries.errors if entries else {},
        problem=problem,
    )
