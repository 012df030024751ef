"""Writing leases down and changing them."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def write_lease(visitor: Visitor, resource_id: str, body: Mapping[str, object], key: str) -> None:
    """Write a lease down, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", f"/resources/{resource_id}/leases", body, key)


async def rewrite_lease(visitor: Visitor, lease_id: str, body: Mapping[str, object], version: int) -> None:
    """Change the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PUT", "partners", f"/leases/{lease_id}", body, version)
