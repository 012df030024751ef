"""Questions about photos of a resource."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def list_photos(visitor: Visitor, resource_id: str) -> list[Json]:
    """Its photos, the first that came first."""
    return list(await visitor.asking.get("partners", f"/resources/{resource_id}/photos"))


async def get_picture(visitor: Visitor, photo_id: str) -> bytes:
    """A picture in the format WebP. Raises Refused (404)."""
    return await visitor.asking.get_file("partners", f"/photos/{photo_id}/content")
