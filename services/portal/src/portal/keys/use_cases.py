"""Entering keys, handing them over, taking them back."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def enter_key(visitor: Visitor, resource_id: str, label: str, note: str, key: str) -> None:
    """Enter a key by its label, once for a form. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", f"/resources/{resource_id}/keys", {"label": label, "note": note}, key)


async def hand_over(visitor: Visitor, key_id: str, body: Mapping[str, object], key: str) -> None:
    """Give a key to somebody, once for a form. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", f"/keys/{key_id}/handovers", body, key)


async def take_back(visitor: Visitor, key_id: str, returned_on: str) -> None:
    """Take a key back. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/keys/{key_id}/return", {"returned_on": returned_on})


async def withdraw_key(visitor: Visitor, key_id: str, reason: str) -> None:
    """Take a key out of use. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/keys/{key_id}/withdrawal", {"reason": reason})
