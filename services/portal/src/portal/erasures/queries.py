"""Questions about erasures."""

from __future__ import annotations

from portal.asking import Json, part
from portal.booking.queries import list_own_households
from portal.directory.domain import Organisation
from portal.directory.queries import get_directory
from portal.erasures.domain import Receipt, receipt_of
from portal.visits import Visitor


async def get_receipt(visitor: Visitor, code: str) -> Receipt:
    """What the code opens. Raises Refused (404)."""
    return receipt_of(await visitor.asking.get("activities", f"/erasures/{code}"))


async def list_keepers(visitor: Visitor) -> list[Organisation]:
    """The associations that keep something of the visitor, by name; none of a service that does not answer."""
    directory = await get_directory(visitor.asking)
    records: list[Json] = [
        *(await part(list_own_households(visitor), [])).value,
        *(await part(visitor.asking.get("staffing", "/people/mine"), [])).value,
        *(await part(visitor.asking.list_all("partners", "/memberships/mine"), [])).value,
    ]
    found = {directory.by_id.get(record["organisation_id"]) for record in records}
    return sorted((one for one in found if one is not None), key=lambda one: one.name)
