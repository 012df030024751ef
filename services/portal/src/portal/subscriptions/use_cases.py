"""Making and withdrawing the secret address of a calendar: of one's own shifts, or of a household's bookings."""

from __future__ import annotations

import time

from portal.subscriptions.queries import JUST_MADE
from portal.visits import Visitor

SHOWN_SECONDS = 600.0
WHOSE = {"staffing": "people", "activities": "households"}


async def make_address(visitor: Visitor, service: str, whose_id: str) -> None:
    """Make an address, to be shown on the next page; an earlier one stops working. Raises Refused or Unavailable."""
    made = await visitor.asking.do(service, f"/{WHOSE[service]}/{whose_id}/calendar-address")
    visitor.person.known[JUST_MADE + whose_id] = (time.monotonic() + SHOWN_SECONDS, made["secret"])


async def withdraw_address(visitor: Visitor, service: str, whose_id: str) -> None:
    """Let the address show nothing any more. Raises Refused or Unavailable."""
    visitor.forget(JUST_MADE + whose_id)
    await visitor.asking.remove(service, f"/{WHOSE[service]}/{whose_id}/calendar-address")
