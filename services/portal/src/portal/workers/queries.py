"""Questions about the visitor as somebody who works or helps."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def list_own_records(visitor: Visitor) -> list[Json]:
    """What associations have recorded of the visitor as somebody who works or helps, one for each."""
    found: list[Json] = await visitor.asking.get("staffing", "/people/mine")
    return found
