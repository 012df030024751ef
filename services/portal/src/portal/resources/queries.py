"""Questions about resources."""

from __future__ import annotations

from datetime import datetime

from portal.asking import Json
from portal.resources.domain import Reservation, reservation_of
from portal.visits import Visitor


async def list_resources(visitor: Visitor) -> list[Json]:
    """What the visitor's associations have, and what others lend to them."""
    return await visitor.asking.list_all("partners", "/resources")


async def list_reservations(visitor: Visitor, ends_after: datetime, starts_before: datetime) -> list[Reservation]:
    """Reservations of the visitor's resources and those made for the visitor's associations, in a time."""
    answers = await visitor.asking.list_all(
        "partners", "/reservations", ends_after=ends_after.isoformat(), starts_before=starts_before.isoformat()
    )
    return [reservation_of(answer) for answer in answers]


async def list_requests(visitor: Visitor) -> list[Reservation]:
    """Reservations that wait for an owner's answer."""
    return [reservation_of(one) for one in await visitor.asking.list_all("partners", "/reservations", state="asked")]
