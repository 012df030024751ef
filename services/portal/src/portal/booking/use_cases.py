"""Booking places."""

from __future__ import annotations

from portal.asking import Json
from portal.booking.domain import Party, Quote
from portal.sessions.domain import Session
from portal.visits import Visitor


async def book(visitor: Visitor, session: Session, party: Party, quote: Quote, key: str) -> Json:
    """Book the places, or join the waiting list; once for a key. Raises Refused or Unavailable."""
    body = {
        "session_id": session.id,
        "places": [{"participant_id": line.candidate.id, "price_category": line.category} for line in quote.lines],
        "booked_by_organisation_id": party.id if party.kind == "organisation" else None,
        "accepts_waiting": True,
    }
    return await visitor.asking.create("activities", "/bookings", body, key)
