"""Questions about one resource."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def list_papers(visitor: Visitor, resource_id: str) -> list[Json]:
    """Approvals and inspections, the newest first."""
    return list(await visitor.asking.get("partners", f"/resources/{resource_id}/papers"))


async def list_closures(visitor: Visitor, resource_id: str) -> list[Json]:
    """When it is closed, of one's own resource."""
    return await visitor.asking.list_all("partners", f"/resources/{resource_id}/closures")


async def has_calendar_address(visitor: Visitor, resource_id: str) -> bool:
    """Whether calendar programs can read it, of one's own resource."""
    found = await visitor.asking.get("partners", f"/resources/{resource_id}/calendar-address")
    return found["made_at"] is not None
