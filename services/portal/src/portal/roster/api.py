"""A session as its team sees it: who comes, who supervises, who came; on a screen, on a phone, on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from portal.asking import Refused, part
from portal.directory.domain import Post
from portal.directory.queries import get_directory, get_post
from portal.pages import go, show
from portal.roster import queries, use_cases
from portal.roster.domain import MARKS, Roster, marks_of
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
PATH = "/manage/{slug}/sessions/{session_id}"


@router.get(PATH)
async def show_session(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """Bookings, waiting list, supervision."""
    post = await _post(visitor, slug)
    session = await queries.get_own_session(visitor, post, str(session_id))
    coverage = await part(queries.find_coverage(visitor, session.id), None)
    return await _show(visitor, post, "roster/session.html", session=session, coverage=coverage)


@router.get(f"{PATH}/families")
async def choose_family(slug: str, session_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """For whom the team books: the families of the association, by name."""
    post = await _post(visitor, slug)
    session = await queries.get_own_session(visitor, post, str(session_id))
    name = request.query_params.get("name", "").strip()[:100]
    households = await queries.list_households(visitor, post, name) if name else []
    return await _show(visitor, post, "roster/families.html", session=session, name=name, households=households)


@router.get(f"{PATH}/list")
async def show_list(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """The list to print for the door."""
    post = await _post(visitor, slug)
    session = await queries.get_own_session(visitor, post, str(session_id))
    return await _show(visitor, post, "roster/list.html", session=session)


@router.get(f"{PATH}/attendance")
async def show_attendance(slug: str, session_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """The sheet: who came."""
    post = await _post(visitor, slug)
    return await _show_sheet(visitor, post, str(session_id), is_saved="saved" in request.query_params)


@router.post(f"{PATH}/attendance")
async def record_attendance(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Write what is different on the sheet. When somebody else wrote meanwhile, both are shown again."""
    post = await _post(visitor, slug)
    roster = await queries.get_roster(visitor, str(session_id))
    marks = marks_of(form.fields, roster)
    version = form.get("version")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return go(f"/manage/{slug}/sessions/{session_id}/attendance")
    try:
        if marks:
            await use_cases.record_attendance(visitor, str(session_id), marks, int(version))
    except Refused as problem:
        wished = {mark["participant_id"]: mark["state"] for mark in marks}
        return await _show_sheet(visitor, post, str(session_id), problem=problem, wished=wished)
    return go(f"/manage/{slug}/sessions/{session_id}/attendance?saved")


@router.post(f"{PATH}/completion")
async def complete_session(slug: str, session_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Close the session."""
    post = await _post(visitor, slug)
    try:
        await use_cases.complete_session(visitor, str(session_id))
    except Refused as problem:
        return await _show_sheet(visitor, post, str(session_id), problem=problem)
    return go(f"/manage/{slug}/sessions/{session_id}")


async def _post(visitor: Visitor, slug: str) -> Post:
    _ = visitor.person
    post = await get_post(visitor, slug)
    if not post.is_field_staff:
        raise Refused(403, "forbidden", "For those who run sessions", None)
    return post


async def _show_sheet(
    visitor: Visitor,
    post: Post,
    session_id: str,
    *,
    problem: Refused | None = None,
    wished: dict[str, str] | None = None,
    is_saved: bool = False,
) -> HTMLResponse:
    session = await queries.get_own_session(visitor, post, session_id)
    return await _show(
        visitor,
        post,
        "roster/attendance.html",
        status=problem.status if problem else 200,
        session=session,
        version=await queries.get_attendance_version(visitor, session_id),
        marks=MARKS,
        wished=wished or {},
        problem=problem,
        is_saved=is_saved,
        has_begun=session.has_begun(now()),
        is_over=now() >= session.ends_at,
    )


async def _show(visitor: Visitor, post: Post, template: str, **facts: Any) -> HTMLResponse:
    roster: Roster = await queries.get_roster(visitor, facts["session"].id)
    return await show(
        visitor,
        template,
        association=post.organisation,
        post=post,
        roster=roster,
        directory=await get_directory(visitor.asking),
        is_bookable=facts["session"].is_bookable(now()),
        **facts,
    )
