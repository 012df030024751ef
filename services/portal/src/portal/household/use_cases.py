"""What a household can do with its bookings."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def accept_offer(visitor: Visitor, booking_id: str) -> None:
    """Take the offered places. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", f"/bookings/{booking_id}/offer-acceptance")


async def refuse_offer(visitor: Visitor, booking_id: str) -> None:
    """Leave the offered places to the next. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", f"/bookings/{booking_id}/offer-refusal")


async def cancel(visitor: Visitor, booking_id: str, participant_ids: list[str] | None) -> Json:
    """Give up some places, or all (None); says what is given back. Raises Refused or Unavailable."""
    body = {"participant_ids": participant_ids} if participant_ids else {}
    return await visitor.asking.do("activities", f"/bookings/{booking_id}/cancellation", body)


async def link_account(visitor: Visitor, code: str) -> None:
    """Answer for the household whose contact got this code. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", "/contacts/link", {"code": code})
    visitor.forget("households")
