"""What a household says of itself."""

from __future__ import annotations

from portal.asking import Json
from portal.visits import Visitor


async def change_contact(visitor: Visitor, contact_id: str, fields: Json, version: int) -> None:
    """Change how a contact is told things. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/contacts/{contact_id}", fields, version)


async def change_member(visitor: Visitor, participant_id: str, fields: Json, version: int) -> None:
    """Correct a name or a date of birth. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/participants/{participant_id}", fields, version)


async def add_member(visitor: Visitor, household: Json, fields: Json, key: str) -> None:
    """One more member of a household, once for a key. Raises Refused or Unavailable."""
    belongs = {"organisation_id": household["organisation_id"], "household_id": household["id"]}
    await visitor.asking.create("activities", "/participants", {**belongs, **fields}, key)
