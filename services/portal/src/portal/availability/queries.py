"""Questions about when somebody is available, and who may know of it."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.visits import Visitor


async def get_availability(visitor: Visitor, person_id: str) -> Json:
    """The windows of a person with the version to change them by."""
    found: Json = await visitor.asking.get("staffing", f"/people/{person_id}/availability")
    return found


async def find_consent(visitor: Visitor, person_id: str) -> Json | None:
    """Whether the person lets the federation know him; None when he never said so."""
    try:
        found: Json = await visitor.asking.get("staffing", f"/people/{person_id}/passport")
    except Refused:
        return None
    return found if found["withdrawn_at"] is None else None
