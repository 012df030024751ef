"""Making and withdrawing the address of one's own calendar."""

from __future__ import annotations

import time

from portal.subscriptions.queries import JUST_MADE
from portal.visits import Visitor

SHOWN_SECONDS = 600.0


async def make_address(visitor: Visitor, person_id: str) -> None:
    """Make an address, to be shown on the next page; an earlier one stops working. Raises Refused or Unavailable."""
    made = await visitor.asking.do("staffing", f"/people/{person_id}/calendar-address")
    visitor.person.known[JUST_MADE + person_id] = (time.monotonic() + SHOWN_SECONDS, made["secret"])


async def withdraw_address(visitor: Visitor, person_id: str) -> None:
    """Let the address show nothing any more. Raises Refused or Unavailable."""
    visitor.forget(JUST_MADE + person_id)
    await visitor.asking.remove("staffing", f"/people/{person_id}/calendar-address")
