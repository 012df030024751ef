"""What somebody does to be forgotten."""

from __future__ import annotations

from portal.visits import Visitor


async def ask_for_own_erasure(visitor: Visitor, organisation_id: str, key: str) -> str:
    """Have an association erase what it keeps of the visitor; the code of the receipt. Raises Refused, Unavailable."""
    body = {"organisation_id": organisation_id, "subject": "own_account"}
    receipt = await visitor.asking.create("activities", "/erasures", body, key)
    visitor.forget("households", "posts")
    return str(receipt["code"])


async def ask_for_erasure(visitor: Visitor, organisation_id: str, subject: str, subject_id: str, key: str) -> str:
    """Have the association erase somebody; the code of the receipt. Raises Refused, Unavailable."""
    body = {"organisation_id": organisation_id, "subject": subject, "subject_id": subject_id}
    receipt = await visitor.asking.create("activities", "/erasures", body, key)
    return str(receipt["code"])
