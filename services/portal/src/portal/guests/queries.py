"""Questions about what a guest has booked."""

from __future__ import annotations

from portal.guests.domain import GuestBooking, guest_booking_of
from portal.sessions.queries import get_session
from portal.visits import Visitor


async def get_guest_booking(visitor: Visitor, code: str) -> GuestBooking:
    """What the link leads to. Raises Refused (404)."""
    answer = await visitor.asking.do("activities", "/guest-bookings/link", {"code": code})
    return guest_booking_of(answer, await get_session(visitor.asking, answer["session_id"]))
