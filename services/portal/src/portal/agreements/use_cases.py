"""Drafting, sending, signing and ending agreements."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def draft_agreement(visitor: Visitor, body: Mapping[str, object], key: str) -> str:
    """Write an agreement down, once for a key, and say its id. Raises Refused or Unavailable."""
    return str((await visitor.asking.create("partners", "/agreements", body, key))["id"])


async def redraft_agreement(visitor: Visitor, agreement_id: str, body: Mapping[str, object], version: int) -> None:
    """Replace the terms of a draft on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PUT", "partners", f"/agreements/{agreement_id}", body, version)


async def send_agreement(visitor: Visitor, agreement_id: str) -> None:
    """Show a draft to the other sides. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/agreements/{agreement_id}/send")


async def sign_agreement(visitor: Visitor, agreement_id: str, body: Mapping[str, object], key: str) -> None:
    """Sign for a side, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", f"/agreements/{agreement_id}/signatures", body, key)


async def cite_agreement(visitor: Visitor, session_id: str, agreement_id: str | None) -> None:
    """Hold a session under an agreement, or under none. Raises Refused or Unavailable."""
    await visitor.asking.put("activities", f"/sessions/{session_id}/agreement", {"agreement_id": agreement_id})


async def end_agreement(visitor: Visitor, agreement_id: str, reason: str) -> None:
    """End it. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/agreements/{agreement_id}/end", {"reason": reason})
