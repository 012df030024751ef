"""Founding organisations, and inviting who will lead them."""

from __future__ import annotations

from portal.asking import Json
from portal.directory.domain import Organisation
from portal.directory.use_cases import hear_of_change
from portal.visits import Visitor


async def found(visitor: Visitor, federation: Organisation, organisation: Json, key: str) -> str:
    """Found an association or outside partner of the federation, once for a key; its id. Raises Refused."""
    body = {**organisation, "federation_ids": [federation.id]}
    made = await visitor.asking.create("partners", "/organisations", body, key)
    hear_of_change(visitor, made["id"])
    return str(made["id"])


async def invite_first_leader(visitor: Visitor, organisation_id: str, person: Json, key: str) -> None:
    """Send an invitation to lead it, once for a key of its founding. Raises Refused or Unavailable."""
    body = {**person, "organisation_id": organisation_id, "role": "director"}
    await visitor.asking.create("partners", "/memberships", body, f"{key}-leader")
