"""Questions about what a household has to pay."""

from __future__ import annotations

import asyncio

from portal.asking import Refused, part
from portal.booking.queries import list_own_households
from portal.directory.queries import get_details
from portal.paying.domain import Bill, bills_of
from portal.visits import Visitor


async def list_bills(visitor: Visitor) -> list[Bill]:
    """What the visitor's households have to pay."""
    households = await list_own_households(visitor)
    asked = [visitor.asking.list_all("finance", "/dues", payer_id=household["id"]) for household in households]
    dues = [due for found in await asyncio.gather(*asked) for due in found]
    creditors = sorted({due["organisation_id"] for due in dues})
    details = await asyncio.gather(*(part(get_details(visitor.asking, one), {}) for one in creditors))
    return bills_of(dues, {one: found.value.get("iban", "") for one, found in zip(creditors, details, strict=True)})


async def get_bill(visitor: Visitor, due_id: str, currency: str) -> Bill:
    """One of them. Raises Refused (404)."""
    for bill in await list_bills(visitor):
        if (bill.due_id, bill.currency) == (due_id, currency):
            return bill
    raise Refused(404, "not-found", "Nothing is owed under this reference", None)
