"""Questions about the keys of a resource."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def list_keys(visitor: Visitor, resource_id: str) -> list[Json]:
    """Its keys with who has them, those out of use last."""
    return list(await visitor.asking.get("partners", f"/resources/{resource_id}/keys"))
