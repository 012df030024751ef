"""My bookings: offers to answer, what is booked, what is owed; and one booking with all that can be done with it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from portal.asking import Refused, part
from portal.booking.queries import list_own_households
from portal.directory.queries import get_details, get_directory
from portal.household import use_cases
from portal.household.domain import debts_of, shelve, waiting_position
from portal.household.queries import get_booking, list_bookings, list_charges
from portal.pages import go, show
from portal.paying.queries import list_bills
from portal.sessions.domain import open_refunds, refunds_of
from portal.sessions.queries import get_activity
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
CODE_CHARACTERS_MIN, CODE_CHARACTERS_MAX = 10, 100


@router.get("/household")
async def show_household(visitor: Visit) -> HTMLResponse:
    """Everything about the visitor's own people."""
    return await _show_household(visitor)


@router.post("/household/link")
async def link_account(visitor: Visit, form: SignedForm) -> Response:
    """Link the account to a household by the code that its contact received."""
    code = form.get("code").strip()
    if not CODE_CHARACTERS_MIN <= len(code) <= CODE_CHARACTERS_MAX or not code.isascii():
        return await _show_household(visitor, Refused(422, "invalid-link-code", "", None))
    try:
        await use_cases.link_account(visitor, code)
    except Refused as problem:
        return await _show_household(visitor, problem)
    return go("/household")


@router.get("/bookings/{booking_id}")
async def show_booking(booking_id: UUID, request: Request, visitor: Visit) -> HTMLResponse:
    """One booking: what it is, why it is so, and what can be done."""
    return await _show_booking(visitor, str(booking_id), is_new="new" in request.query_params)


@router.post("/bookings/{booking_id}/acceptance")
async def accept_offer(booking_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Take the offered places."""
    try:
        await use_cases.accept_offer(visitor, str(booking_id))
    except Refused as problem:
        return await _show_booking(visitor, str(booking_id), problem=problem)
    return go(f"/bookings/{booking_id}?new")


@router.post("/bookings/{booking_id}/refusal")
async def refuse_offer(booking_id: UUID, visitor: Visit, _form: SignedForm) -> Response:
    """Leave the offered places to the next on the list."""
    try:
        await use_cases.refuse_offer(visitor, str(booking_id))
    except Refused as problem:
        return await _show_booking(visitor, str(booking_id), problem=problem)
    return go(f"/bookings/{booking_id}")


@router.get("/bookings/{booking_id}/cancellation")
async def ask_cancellation(booking_id: UUID, visitor: Visit) -> HTMLResponse:
    """Which places to give up, with what comes back, before anything is done."""
    return await _show_cancellation(visitor, str(booking_id))


@router.post("/bookings/{booking_id}/cancellation")
async def cancel(booking_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Give up the chosen places."""
    chosen = form.all("who")
    if not chosen:
        return await _show_cancellation(visitor, str(booking_id), nobody_chosen=True)
    try:
        cancelled = await use_cases.cancel(visitor, str(booking_id), chosen)
    except Refused as problem:
        return await _show_cancellation(visitor, str(booking_id), problem=problem)
    back = sum(item["amount_minor"] for item in cancelled["given_back"])
    return go(f"/bookings/{booking_id}?given-back={back}")


async def _show_household(visitor: Visitor, problem: Refused | None = None) -> HTMLResponse:
    _ = visitor.person
    households = await part(list_own_households(visitor), [])
    bookings = await part(list_bookings(visitor), [])
    charges = await part(list_charges(visitor), [])
    return await show(
        visitor,
        "household/household.html",
        status=problem.status if problem else 200,
        households=households,
        bookings=bookings,
        shelves=shelve(bookings.value, now()),
        charges=charges,
        debts=debts_of(charges.value),
        bills=await part(list_bills(visitor), []),
        directory=await get_directory(visitor.asking),
        problem=problem,
    )


async def _show_booking(
    visitor: Visitor, booking_id: str, *, is_new: bool = False, problem: Refused | None = None
) -> HTMLResponse:
    _ = visitor.person
    booking, decisions = await get_booking(visitor, booking_id)
    activity = await get_activity(visitor.asking, booking.session.activity_id)
    directory = await get_directory(visitor.asking)
    return await show(
        visitor,
        "household/booking.html",
        status=problem.status if problem else 200,
        association=directory.by_id.get(booking.organisation_id),
        booking=booking,
        activity=activity,
        site=await part(get_details(visitor.asking, booking.session.site_id), {}),
        directory=directory,
        position=waiting_position(decisions),
        refunds=open_refunds(refunds_of(activity["cancellation_terms"], booking.session), now()),
        can_be_cancelled=booking.can_be_cancelled(now()),
        is_new=is_new,
        problem=problem,
    )


async def _show_cancellation(
    visitor: Visitor, booking_id: str, *, problem: Refused | None = None, nobody_chosen: bool = False
) -> HTMLResponse:
    _ = visitor.person
    booking, _decisions = await get_booking(visitor, booking_id)
    activity = await get_activity(visitor.asking, booking.session.activity_id)
    directory = await get_directory(visitor.asking)
    status = 422 if nobody_chosen else problem.status if problem else 200
    return await show(
        visitor,
        "household/cancellation.html",
        status=status,
        association=directory.by_id.get(booking.organisation_id),
        booking=booking,
        refunds=open_refunds(refunds_of(activity["cancellation_terms"], booking.session), now()),
        can_be_cancelled=booking.can_be_cancelled(now()),
        nobody_chosen=nobody_chosen,
        problem=problem,
    )
