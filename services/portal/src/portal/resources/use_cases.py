"""Answering requests, reserving, and closing what cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.visits import Visitor


async def approve(visitor: Visitor, reservation_id: str) -> None:
    """Say yes to a request. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/reservations/{reservation_id}/approval")


async def refuse(visitor: Visitor, reservation_id: str, reason: str) -> None:
    """Say no to a request. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/reservations/{reservation_id}/refusal", {"reason": reason})


async def close_suddenly(
    visitor: Visitor, resource_id: str, period: tuple[datetime, datetime], reason: str, key: str
) -> None:
    """Close a resource whoever has it, once for a key. Raises Refused or Unavailable."""
    body = {"starts_at": period[0].isoformat(), "ends_at": period[1].isoformat(), "reason": reason}
    await visitor.asking.create("partners", f"/resources/{resource_id}/sudden-closures", body, key)


async def reserve(visitor: Visitor, body: Mapping[str, object], key: str) -> None:
    """Reserve a resource, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", "/reservations", body, key)
