"""What somebody does to be forgotten."""

from __future__ import annotations

from portal.visits import Visitor


async def ask_for_own_erasure(visitor: Visitor, organisation_id: str, key: str) -> str:
    """Have an association erase what it keeps of the visitor; the code of the receipt. Raises Refused, Unavailable."""
    body = {"organisation_id": organisation_id, "subject": "own_account"}
    receipt = await visitor.asking.create("activities", "/erasures", body, key)
    visitor.forget("households", "posts")
    return str(receipt["code"])
