"""Questions about people of other associations."""

from __future__ import annotations

from portal.asking import Json
from portal.passports.domain import Passport, passport_of
from portal.visits import Visitor


async def list_passports(visitor: Visitor) -> list[Json]:
    """Who of other associations has an open passport, by name."""
    found = await visitor.asking.list_all("staffing", "/passports")
    return sorted(found, key=lambda one: (str(one["display_name"]).casefold(), one["person_id"]))


async def get_passport(visitor: Visitor, person_id: str) -> Passport:
    """One open passport. Raises Refused (404)."""
    return passport_of(await visitor.asking.get("staffing", f"/passports/{person_id}"))
