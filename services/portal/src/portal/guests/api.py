"""Booking without an account: a form, an e-mail, and the page that its link leads to."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AwareDatetime

from common.clock import now
from portal.asking import Refused
from portal.directory.domain import Organisation
from portal.directory.queries import get_association, get_directory
from portal.guests import use_cases
from portal.guests.domain import GuestForm, form_of
from portal.guests.queries import get_guest_booking
from portal.pages import go, show
from portal.protection import read_form
from portal.sessions.domain import Session, open_refunds, refunds_of
from portal.sessions.queries import get_activity, get_session
from portal.visits import Reception, Visit, Visitor, client_of

router = APIRouter()
KEY_CHARACTERS_MIN, KEY_CHARACTERS_MAX = 16, 80
Code = Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/o/{slug}/sessions/{session_id}/guest")
async def ask_guest(slug: str, session_id: UUID, visitor: Visit) -> HTMLResponse:
    """Who comes, and where the link is sent."""
    association, session = await _find(visitor, slug, session_id)
    return await _show_form(visitor, association, session, form_of({}, session))


@router.post("/o/{slug}/sessions/{session_id}/guest")
async def hold_places(slug: str, session_id: UUID, request: Request, visitor: Visit) -> Response:
    """Hold the places and send the link; a form of another site is refused before it comes here."""
    association, session = await _find(visitor, slug, session_id)
    fields = dict((await read_form(request)).fields)
    form, key = form_of(fields, session), fields.get("key", "")
    if not form.is_complete or not KEY_CHARACTERS_MIN <= len(key) <= KEY_CHARACTERS_MAX or not key.isalnum():
        return await _show_form(visitor, association, session, form, sent=True)
    try:
        await _keep_pace(request)
        held = await use_cases.hold_places(visitor, session, form, key)
    except Refused as problem:
        return await _show_form(visitor, association, session, form, problem=problem)
    until = datetime.fromisoformat(held["expires_at"]).strftime("%Y-%m-%dT%H:%M:%SZ")
    waits = "&waits" if held["state"] == "asked" else ""
    return go(f"/o/{slug}/sessions/{session_id}/guest/sent?until={until}{waits}")


@router.get("/o/{slug}/sessions/{session_id}/guest/sent")
async def show_sent(
    slug: str, session_id: UUID, request: Request, visitor: Visit, until: AwareDatetime
) -> HTMLResponse:
    """Says that the link is on its way, and until when it works."""
    association, session = await _find(visitor, slug, session_id)
    return await show(
        visitor,
        "guests/sent.html",
        association=association,
        session=session,
        until=until.astimezone(session.starts_at.tzinfo),
        waits="waits" in request.query_params,
    )


@router.get("/guest-bookings/{code}")
async def show_guest_booking(code: Code, visitor: Visit) -> HTMLResponse:
    """What the link leads to; nothing happens by opening it, because mail programs open links too."""
    return await _show_booking(visitor, code)


@router.post("/guest-bookings/{code}/confirmation")
async def confirm(code: Code, visitor: Visit) -> Response:
    """Book what is held, or join the waiting list."""
    return await _then_show(visitor, code, use_cases.confirm, "?new")


@router.post("/guest-bookings/{code}/offer-acceptance")
async def take_offer(code: Code, visitor: Visit) -> Response:
    """Take the offered places."""
    return await _then_show(visitor, code, use_cases.take_offer, "?new")


@router.post("/guest-bookings/{code}/offer-refusal")
async def leave_offer(code: Code, visitor: Visit) -> Response:
    """Leave the offered places to the next on the list."""
    return await _then_show(visitor, code, use_cases.leave_offer)


@router.post("/guest-bookings/{code}/cancellation")
async def cancel(code: Code, visitor: Visit) -> Response:
    """Give up what is booked or waited for."""
    return await _then_show(visitor, code, use_cases.cancel)


async def _then_show(
    visitor: Visitor, code: str, act: Callable[[Visitor, str], Awaitable[None]], said: str = ""
) -> Response:
    try:
        await act(visitor, code)
    except Refused as problem:
        return await _show_booking(visitor, code, problem)
    return go(f"/guest-bookings/{code}{said}")


async def _keep_pace(request: Request) -> None:
    """Places are kept from others meanwhile, and each link is an e-mail to somebody. Raises Refused (429)."""
    reception: Reception = request.app.state.reception
    if await reception.guests.seconds_to_wait(client_of(request)):
        raise Refused(429, "too-many-guest-forms", "Too many bookings without an account", None)


async def _find(visitor: Visitor, slug: str, session_id: UUID) -> tuple[Organisation, Session]:
    association = await get_association(visitor.asking, slug)
    session = await get_session(visitor.asking, str(session_id))
    if session.organisation_id != association.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    return association, session


async def _show_form(
    visitor: Visitor,
    association: Organisation,
    session: Session,
    form: GuestForm,
    *,
    sent: bool = False,
    problem: Refused | None = None,
) -> HTMLResponse:
    return await show(
        visitor,
        "guests/form.html",
        status=problem.status if problem else 422 if sent else 200,
        association=association,
        session=session,
        form=form,
        sent=sent,
        problem=problem,
        is_bookable=session.is_bookable(now()),
        key=secrets.token_hex(16),
    )


async def _show_booking(visitor: Visitor, code: str, problem: Refused | None = None) -> HTMLResponse:
    booking = await get_guest_booking(visitor, code)
    activity = await get_activity(visitor.asking, booking.session.activity_id)
    directory = await get_directory(visitor.asking)
    moment = now()
    return await show(
        visitor,
        "guests/booking.html",
        status=problem.status if problem else 200,
        association=directory.by_id.get(booking.organisation_id),
        directory=directory,
        booking=booking,
        code=code,
        waits=booking.waits_for_confirmation(moment),
        has_offer=booking.has_offer(moment),
        can_be_cancelled=booking.can_be_cancelled(moment),
        refunds=open_refunds(refunds_of(activity["cancellation_terms"], booking.session), moment),
        problem=problem,
    )
