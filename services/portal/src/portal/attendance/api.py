"""Who came: a sheet for phones that also takes marks without a network, and a plain form without scripts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from common.clock import now
from common.ids import new_id
from portal.asking import Refused, SignInAgain, Unavailable
from portal.attendance import use_cases
from portal.attendance.domain import (
    KEPT_ON_PHONES_AFTER,
    MARKS,
    Band,
    RecordedMark,
    account_name,
    bands_of,
    is_sheet_open,
    new_marks,
    one_more,
)
from portal.attendance.queries import get_sheet, list_known
from portal.booking.domain import default_category
from portal.consents.domain import flags_of
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.languages import clock_time
from portal.pages import go, show
from portal.problem_texts import text_of_problem
from portal.protection import is_same_token
from portal.roster.queries import get_own_session, get_roster, get_runner_post
from portal.sessions.domain import Session
from portal.visits import SignedForm, SignInNeeded, Visit, Visitor, is_id

router = APIRouter()
PATH = "/manage/{slug}/sessions/{session_id}"
COUNT_FIELD = re.compile(r"^count-[0-9]{1,3}-[0-9]{1,3}$")
VISITORS_MAX = 9_999


class StaleToken(Exception):
    """The page was loaded in an earlier session of the browser: its script asks for the token of this one."""


class Tap(BaseModel):
    """One tap on a phone, and the account that made it."""

    model_config = ConfigDict(extra="forbid")

    op_id: UUID
    account: Annotated[str, Field(max_length=64)]


class MarkTap(Tap):
    """What shall stand in a cell, and which version of the cell was seen."""

    participant_id: UUID
    state: Literal["present", "absent", "excused"]
    base_version: Annotated[int, Field(ge=0, le=1_000_000)]


@router.get(f"{PATH}/attendance")
async def show_attendance(slug: str, session_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """The sheet: who came."""
    return await _show_sheet(visitor, slug, str(session_id), is_saved="saved" in request.query_params)


@router.post(f"{PATH}/attendance")
async def record_attendance(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write what is different on the sheet. When somebody else wrote meanwhile, both are shown again."""
    await get_runner_post(visitor, slug)
    roster = await get_roster(visitor, str(session_id))
    marks = new_marks(form.fields, roster)
    version = form.get("version")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return go(f"/manage/{slug}/sessions/{session_id}/attendance")
    try:
        if marks:
            await use_cases.record_attendance(visitor, str(session_id), marks, int(version))
    except Refused as problem:
        wished = {mark["participant_id"]: mark["state"] for mark in marks}
        return await _show_sheet(visitor, slug, str(session_id), problem=problem, wished=wished)
    return go(f"/manage/{slug}/sessions/{session_id}/attendance?saved")


class VisitorTap(Tap):
    """Somebody came without a name, of these ages."""

    from_age: Annotated[int, Field(ge=0, le=120)]
    to_age: Annotated[int, Field(ge=0, le=120)]


Token = Annotated[str, Header(alias="X-CSRF-Token")]
FAILURES = (SignInNeeded, SignInAgain, StaleToken, Refused, Unavailable)


@router.get(f"{PATH}/attendance/marks")
async def send_marks(slug: str, session_id: UUID, visitor: Visit) -> JSONResponse:
    """What stands on the sheet, for the script of an open sheet."""
    try:
        person, post = visitor.person, await get_runner_post(visitor, slug)
        session = await get_own_session(visitor, post, str(session_id))
        sheet, roster = await asyncio.gather(get_sheet(visitor, session), get_roster(visitor, session.id))
    except FAILURES as error:
        return _failure(error)
    answer = {
        "account": account_name(person.subject),
        "token": person.csrf_token,
        "marks": {person_id: _told(mark) for person_id, mark in sheet.marks.items()},
        "people": [entry["participant_id"] for entry in roster.confirmed],
        "counts": _counted(sheet.counted),
    }
    return JSONResponse(answer)


@router.post(f"{PATH}/attendance/marks")
async def take_mark(slug: str, session_id: UUID, tap: MarkTap, visitor: Visit, token: Token = "") -> JSONResponse:
    """Write one cell, once for a tap; a mark of somebody else is never overwritten but told."""
    try:
        session = await _session_of_tap(visitor, slug, session_id, tap, token)
        try:
            written = await use_cases.mark_participant(
                visitor, session, str(tap.participant_id), tap.state, tap.base_version, str(tap.op_id)
            )
        except Refused as problem:
            if problem.slug != "marked-meanwhile":
                raise
            sheet = await get_sheet(visitor, session)
            return JSONResponse({"outcome": "collided", "mark": _told(sheet.marks[str(tap.participant_id)])}, 409)
    except FAILURES as error:
        return _failure(error)
    return JSONResponse({"outcome": "written", "mark": _told(written)})


@router.post(f"{PATH}/attendance/visitors")
async def take_visitor(slug: str, session_id: UUID, tap: VisitorTap, visitor: Visit, token: Token = "") -> JSONResponse:
    """Count one visitor, once for a tap; who else counts meanwhile does not matter."""
    try:
        session = await _session_of_tap(visitor, slug, session_id, tap, token)
        counted = await use_cases.count_visitor(visitor, session, Band(tap.from_age, tap.to_age), str(tap.op_id))
    except FAILURES as error:
        return _failure(error)
    return JSONResponse({"outcome": "written", "counts": _counted(counted)})


@router.post(f"{PATH}/completion")
async def complete_session(slug: str, session_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Close the session."""
    await get_runner_post(visitor, slug)
    try:
        await use_cases.complete_session(visitor, str(session_id))
    except Refused as problem:
        return await _show_sheet(visitor, slug, str(session_id), problem=problem)
    return go(f"/manage/{slug}/sessions/{session_id}")


@router.get(f"{PATH}/walk-ins")
async def show_walk_ins(slug: str, session_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """Who came without a booking: counted by age, or found by name."""
    name = request.query_params.get("name", "").strip()[:100]
    return await _show_walk_ins(visitor, slug, str(session_id), name=name, is_saved="saved" in request.query_params)


@router.post(f"{PATH}/walk-ins")
async def count_visitors(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write how many came without a name; a button adds one."""
    post = await get_runner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    entries = Entries(form)
    shown = [name for name, _value in form.fields if COUNT_FIELD.match(name)]
    for name in shown:
        entries.number(name, 0, VISITORS_MAX, otherwise=0)
    if entries.errors:
        return await _show_walk_ins(visitor, slug, session.id, entries=entries)
    fields = dict(form.fields)
    wished, added = bands_of(fields, "count-"), form.get("add")
    if f"count-{added}" in shown:
        wished = one_more(wished, added)
    try:
        await use_cases.count_visitors(visitor, session, bands_of(fields, "seen-"), wished)
    except Refused as problem:
        return await _show_walk_ins(visitor, slug, session.id, problem=problem)
    return go(
        f"/manage/{slug}/sessions/{session_id}/{'attendance' if form.get('from') == 'sheet' else 'walk-ins'}?saved"
    )


@router.post(f"{PATH}/walk-ins/people")
async def admit(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Take in somebody known, who is there from now on."""
    post = await get_runner_post(visitor, slug)
    session = await get_own_session(visitor, post, str(session_id))
    who, key = form.get("who"), form.get("key")
    if is_id(who) and is_id(key):
        try:
            await use_cases.admit(visitor, session, who, key)
        except Refused as problem:
            return await _show_walk_ins(visitor, slug, session.id, problem=problem)
    return go(f"/manage/{slug}/sessions/{session_id}/walk-ins?saved")


async def _session_of_tap(visitor: Visitor, slug: str, session_id: UUID, tap: Tap, token: str) -> Session:
    """The session that a tap is about. Raises SignInNeeded when another account made it, StaleToken, or as asking."""
    person, post = visitor.person, await get_runner_post(visitor, slug)
    if tap.account != account_name(person.subject):
        raise SignInNeeded
    if not is_same_token(token, person.csrf_token):
        raise StaleToken
    return await get_own_session(visitor, post, str(session_id))


def _failure(error: Exception) -> JSONResponse:
    """What the script shall do: ask to sign in, show a refusal until somebody acts, or try again later."""
    if isinstance(error, Refused):
        return JSONResponse({"outcome": "refused", "text": text_of_problem(error)}, 422)
    if isinstance(error, Unavailable):
        return JSONResponse({"outcome": "away"}, 503)
    if isinstance(error, StaleToken):
        return JSONResponse({"outcome": "look-again"}, 403)
    return JSONResponse({"outcome": "sign-in"}, 401)


def _told(mark: RecordedMark) -> dict[str, object]:
    time = clock_time(mark.marked_at)
    return {"state": mark.state, "version": mark.version, "time": time, "own": mark.is_own}


def _counted(bands: Sequence[Band]) -> dict[str, int]:
    return {band.name: band.count for band in bands}


async def _show_sheet(
    visitor: Visitor,
    slug: str,
    session_id: str,
    *,
    problem: Refused | None = None,
    wished: dict[str, str] | None = None,
    is_saved: bool = False,
) -> HTMLResponse:
    post = await get_runner_post(visitor, slug)
    session, roster = await asyncio.gather(get_own_session(visitor, post, session_id), get_roster(visitor, session_id))
    sheet, directory = await asyncio.gather(get_sheet(visitor, session), get_directory(visitor.asking))
    facts: dict[str, Any] = {
        "session": session,
        "roster": roster,
        "sheet": sheet,
        "marks": MARKS,
        "wished": wished or {},
        "problem": problem,
        "is_saved": is_saved,
        "is_open": is_sheet_open(session, now()),
        "is_over": now() >= session.ends_at,
        "account": account_name(visitor.person.subject),
        "kept_until": int((session.ends_at + KEPT_ON_PHONES_AFTER).timestamp()),
        "directory": directory,
        "flags_of": flags_of,
        "values": {},
        "errors": {},
    }
    status = problem.status if problem else 200
    return await show(visitor, "attendance/sheet.html", status=status, association=post.organisation, **facts)


async def _show_walk_ins(
    visitor: Visitor,
    slug: str,
    session_id: str,
    *,
    name: str = "",
    entries: Entries | None = None,
    problem: Refused | None = None,
    is_saved: bool = False,
) -> HTMLResponse:
    post = await get_runner_post(visitor, slug)
    session, roster = await asyncio.gather(get_own_session(visitor, post, session_id), get_roster(visitor, session_id))
    sheet, directory = await asyncio.gather(get_sheet(visitor, session), get_directory(visitor.asking))
    return await show(
        visitor,
        "attendance/walk_ins.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        session=session,
        sheet=sheet,
        directory=directory,
        name=name,
        known=await list_known(visitor, post, name) if name else [],
        price_minor=session.prices[default_category(session)],
        listed={entry["participant_id"] for entry in roster.confirmed},
        is_open=session.is_open_door and is_sheet_open(session, now()),
        values=dict(entries.form.fields) if entries else {},
        errors=entries.errors if entries else {},
        problem=problem,
        is_saved=is_saved,
        key=str(new_id()),
    )
