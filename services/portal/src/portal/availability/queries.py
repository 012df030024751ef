"""Questions about when somebody is available."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def get_availability(visitor: Visitor, person_id: str) -> Json:
    """The windows of a person with the version to change them by."""
    found: Json = await visitor.asking.get("staffing", f"/people/{person_id}/availability")
    return found
