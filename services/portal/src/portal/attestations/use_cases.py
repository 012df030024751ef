"""Asking for an attestation."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def ask_for_attestation(visitor: Visitor, wanted: Json, key: str) -> None:
    """Have it made, in the visitor's language, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("activities", "/attestations", {**wanted, "language": visitor.language}, key)
