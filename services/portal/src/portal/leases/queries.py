"""Questions about the leases of a resource."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.visits import Visitor


async def list_leases(visitor: Visitor, resource_id: str) -> list[Json]:
    """Its leases, the newest first."""
    return list(await visitor.asking.get("partners", f"/resources/{resource_id}/leases"))


async def get_lease(visitor: Visitor, resource_id: str, lease_id: str) -> Json:
    """One of them. Raises Refused (404)."""
    for lease in await list_leases(visitor, resource_id):
        if lease["id"] == lease_id:
            return lease
    raise Refused(404, "not-found", "No such lease", None)
