"""Booking in three screens: the session, who takes part, what it comes to. Each is an address of its own."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from common.clock import now
from portal.asking import Json, Refused, part
from portal.booking.domain import Party, Quote, default_category, quote_of, will_wait
from portal.booking.queries import list_parties
from portal.booking.use_cases import book
from portal.directory.domain import Organisation
from portal.directory.queries import get_association, get_details, get_directory
from portal.pages import go, show
from portal.protection import Form
from portal.sessions.domain import Session, open_refunds, refunds_of
from portal.sessions.queries import get_activity, get_session
from portal.visits import SignedForm, Visit, Visitor

router = APIRouter()
KEY = re.compile(r"^[A-Za-z0-9_-]{16,80}$")


@dataclass(frozen=True)
class _Desk:
    """Everything that the three screens need."""

    association: Organisation
    session: Session
    activity: Json
    parties: list[Party]

    def party(self, party_id: str) -> Party | None:
        return next(
            (party for party in self.parties if party.id == party_id), self.parties[0] if self.parties else None
        )


@router.get("/o/{slug}/sessions/{session_id}/booking")
async def choose_people(slug: str, session_id: UUID, request: Request, visitor: Visit) -> Response:
    """The second screen: who takes part."""
    form = Form(request.query_params.multi_items())
    desk = await _desk(visitor, slug, session_id, form)
    party = desk.party(form.get("for"))
    return await _show_people(visitor, desk, party, form)


@router.get("/o/{slug}/sessions/{session_id}/booking/check")
async def check_booking(slug: str, session_id: UUID, request: Request, visitor: Visit) -> Response:
    """The third screen: what it comes to, before anything is booked."""
    form = Form(request.query_params.multi_items())
    desk = await _desk(visitor, slug, session_id, form)
    party = desk.party(form.get("for"))
    quote = _quote(desk, party, form)
    if party is None or not quote.lines:
        return await _show_people(visitor, desk, party, form, nobody_chosen=True)
    return await _show_check(visitor, desk, party, quote)


@router.post("/o/{slug}/sessions/{session_id}/booking")
async def confirm_booking(slug: str, session_id: UUID, visitor: Visit, form: SignedForm) -> Response:
    """Book, and show what came of it."""
    desk = await _desk(visitor, slug, session_id, form)
    party = desk.party(form.get("for"))
    key = form.get("key")
    if party is None or not KEY.match(key):
        return go(f"/o/{slug}/sessions/{session_id}/booking")
    again = {one.id for one in party.candidates if one.id in form.all("who")}
    quote = quote_of(_unhindered(party), sorted(again), _categories(form), desk.session)
    try:
        booking = await book(visitor, desk.session, party, quote, key)
    except Refused as problem:
        return await _show_check(visitor, desk, party, quote, problem)
    return go(f"/bookings/{booking['id']}?new")


def _unhindered(party: Party) -> Party:
    """The same people without obstacles: a form that is sent twice must say the same twice; the service judges."""
    candidates = [type(one)(one.id, one.name, one.age, None) for one in party.candidates]
    return Party(party.id, party.kind, party.name, candidates)


async def _desk(visitor: Visitor, slug: str, session_id: UUID, form: Form) -> _Desk:
    _ = visitor.person
    association = await get_association(visitor.asking, slug)
    session = await get_session(visitor.asking, str(session_id))
    if session.organisation_id != association.id:
        raise Refused(404, "not-found", "Another association offers this session", None)
    if not session.is_bookable(now()):
        raise Refused(409, "session-not-open", "This session is not open", None)
    activity = await get_activity(visitor.asking, session.activity_id)
    parties = await list_parties(visitor, session, form.get("for"))
    return _Desk(association, session, activity, [party for party in parties if _may_book(party, association)])


def _may_book(party: Party, organiser: Organisation) -> bool:
    """The organiser's own staff books for families from the page of the session, so that the family pays."""
    return party.kind == "household" or party.id != organiser.id


def _categories(form: Form) -> dict[str, str]:
    prefix = "category-"
    return {name.removeprefix(prefix): value for name, value in form.fields if name.startswith(prefix)}


def _quote(desk: _Desk, party: Party | None, form: Form) -> Quote:
    return quote_of(party, form.all("who"), _categories(form), desk.session) if party else Quote([])


async def _show_people(
    visitor: Visitor, desk: _Desk, party: Party | None, form: Form, *, nobody_chosen: bool = False
) -> HTMLResponse:
    return await show(
        visitor,
        "booking/people.html",
        status=422 if nobody_chosen else 200,
        association=desk.association,
        session=desk.session,
        parties=desk.parties,
        party=party,
        chosen=form.all("who"),
        categories=_categories(form),
        default_category=default_category(desk.session),
        nobody_chosen=nobody_chosen,
    )


async def _show_check(
    visitor: Visitor, desk: _Desk, party: Party, quote: Quote, problem: Refused | None = None
) -> HTMLResponse:
    refunds = refunds_of(desk.activity["cancellation_terms"], desk.session)
    return await show(
        visitor,
        "booking/check.html",
        status=problem.status if problem else 200,
        association=desk.association,
        session=desk.session,
        site=await part(get_details(visitor.asking, desk.session.site_id), {}),
        directory=await get_directory(visitor.asking),
        activity=desk.activity,
        party=party,
        quote=quote,
        will_wait=will_wait(quote, desk.session),
        refunds=open_refunds(refunds, now()),
        key=secrets.token_urlsafe(24),
        problem=problem,
    )
