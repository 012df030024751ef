"""Before a session, on a phone: the checklist, what the safety rules say, and the button that opens it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from common.ids import new_id
from portal.asking import Refused
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.languages import translate
from portal.openings import use_cases
from portal.openings.domain import is_opening_day
from portal.openings.queries import get_readiness
from portal.pages import go, show
from portal.roster.queries import get_own_session, get_runner_post
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
PATH = "/manage/{slug}/sessions/{session_id}/opening"
REASON_CHARACTERS_MIN, REASON_CHARACTERS_MAX = 10, 1_000


@router.get(PATH)
async def show_opening(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """What is still to do before people come in."""
    return await _show(visitor, slug, str(session_id), None, None)


@router.post(f"{PATH}/ticks")
async def tick_or_untick(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Tick an item of the checklist, or take the tick back."""
    await get_runner_post(visitor, slug)
    item_id = form.get("item")
    if not is_id(item_id):
        return go(f"/manage/{slug}/sessions/{session_id}/opening")
    try:
        if form.get("act") == "untick":
            await use_cases.untick(visitor, str(session_id), item_id)
        else:
            await use_cases.tick(visitor, str(session_id), item_id, form.get("key"))
    except Refused as problem:
        return await _show(visitor, slug, str(session_id), None, problem)
    return go(f"/manage/{slug}/sessions/{session_id}/opening#item-{item_id}")


@router.post(PATH)
async def open_session(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Open the session, with the reason of a director where a rule fails."""
    await get_runner_post(visitor, slug)
    entries = Entries(form)
    reason = None
    if form.get("act") == "override":
        reason = entries.text("reason", characters_max=REASON_CHARACTERS_MAX)
        if len(reason) < REASON_CHARACTERS_MIN:
            entries.refuse("reason", translate("Say why in a sentence: it is kept."))
    if entries.errors:
        return await _show(visitor, slug, str(session_id), entries, None)
    has_first_aider = form.get("first_aider") == "on"
    try:
        await use_cases.open_session(
            visitor, str(session_id), form.get("key"), has_first_aider=has_first_aider, override_reason=reason
        )
    except Refused as problem:
        return await _show(visitor, slug, str(session_id), entries, problem)
    return go(f"/manage/{slug}/sessions/{session_id}/opening")


async def _show(
    visitor: Visitor, slug: str, session_id: str, entries: Entries | None, problem: Refused | None
) -> HTMLResponse:
    post = await get_runner_post(visitor, slug)
    session = await get_own_session(visitor, post, session_id)
    readiness = await get_readiness(visitor, session)
    return await show(
        visitor,
        "openings/opening.html",
        status=problem.status if problem else 422 if entries else 200,
        association=post.organisation,
        post=post,
        session=session,
        readiness=readiness,
        is_day=is_opening_day(session, now()),
        may_override="director" in post.roles,
        directory=await get_directory(visitor.asking),
        values=dict(entries.form.fields) if entries else {},
        errors=entries.errors if entries else {},
        problem=problem,
        key=str(new_id()),
    )
