"""What somebody without an account can do."""

from __future__ import annotations

from portal.asking import Json
from portal.guests.domain import GuestForm
from portal.sessions.domain import Session
from portal.visits import Visitor


async def hold_places(visitor: Visitor, session: Session, form: GuestForm, key: str) -> Json:
    """Hold the places, or ask to wait for them, and have the link sent, once for a key.

    Raises Refused or Unavailable.
    """
    people = [
        {"given_name": one.given_name, "family_name": one.family_name, "price_category": one.category}
        for one in form.people
    ]
    body = {
        "session_id": session.id,
        "email": form.email,
        "language": visitor.language,
        "people": people,
        "accepts_waiting": True,
    }
    return await visitor.asking.create("activities", "/guest-bookings", body, key)


async def confirm(visitor: Visitor, code: str) -> None:
    """Book what is held. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", "/guest-bookings/confirmation", {"code": code})


async def take_offer(visitor: Visitor, code: str) -> None:
    """Take the offered places. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", "/guest-bookings/offer-acceptance", {"code": code})


async def leave_offer(visitor: Visitor, code: str) -> None:
    """Leave the offered places to the next on the list. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", "/guest-bookings/offer-refusal", {"code": code})


async def cancel(visitor: Visitor, code: str) -> None:
    """Give up what is booked. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", "/guest-bookings/cancellation", {"code": code})
