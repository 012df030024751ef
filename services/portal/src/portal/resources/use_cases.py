"""Answering requests, and reserving."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def approve(visitor: Visitor, reservation_id: str) -> None:
    """Say yes to a request. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/reservations/{reservation_id}/approval")


async def refuse(visitor: Visitor, reservation_id: str, reason: str) -> None:
    """Say no to a request. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/reservations/{reservation_id}/refusal", {"reason": reason})


async def reserve(visitor: Visitor, body: Mapping[str, object], key: str) -> None:
    """Reserve a resource, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", "/reservations", body, key)
