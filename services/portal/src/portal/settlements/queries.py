"""Questions about what associations owe each other."""

from __future__ import annotations

import asyncio

from portal.directory.domain import Post
from portal.settlements.domain import SettledBooking, Settlement, settled_bookings, settlement_of
from portal.visits import Visitor


async def list_settlements(visitor: Visitor, post: Post, quarter: str) -> list[Settlement]:
    """Between the association and each other one in a quarter."""
    own_id = post.organisation.id
    answers = await visitor.asking.get("finance", "/settlements", quarter=quarter, organisation_id=own_id)
    return [settlement_of(answer, own_id) for answer in answers]


async def list_settled_bookings(visitor: Visitor, post: Post, quarter: str) -> list[SettledBooking]:
    """The bookings behind the sums, those that concern the association only."""
    lines, charges = await asyncio.gather(
        visitor.asking.list_all("finance", "/settlements/lines", quarter=quarter),
        visitor.asking.list_all("finance", "/charges"),
    )
    own = [line for line in lines if post.organisation.id in (line["debtor_id"], line["creditor_id"])]
    return settled_bookings(own, charges)
