"""Questions about the visitor's own households: whom to reach, and who belongs to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from portal.asking import Json
from portal.booking.queries import list_own_households
from portal.visits import Visitor


@dataclass(frozen=True)
class OwnHousehold:
    """A household that the visitor answers for, with its contacts and members."""

    household: Json
    contacts: Sequence[Json]
    members: Sequence[Json]


async def list_own_people(visitor: Visitor) -> list[OwnHousehold]:
    """Everybody of all households that the visitor answers for."""
    households = await list_own_households(visitor)
    return list(await asyncio.gather(*(_with_people(visitor, household) for household in households)))


async def _with_people(visitor: Visitor, household: Json) -> OwnHousehold:
    contacts, members = await asyncio.gather(
        visitor.asking.get("activities", f"/households/{household['id']}/contacts"),
        visitor.asking.list_all("activities", "/participants", household_id=household["id"]),
    )
    return OwnHousehold(household, contacts, members)


async def get_contact(visitor: Visitor, contact_id: str) -> Json:
    """One contact. Raises Refused (404)."""
    found: Json = await visitor.asking.get("activities", f"/contacts/{contact_id}")
    return found


async def get_member(visitor: Visitor, participant_id: str) -> Json:
    """One participant. Raises Refused (404)."""
    found: Json = await visitor.asking.get("activities", f"/participants/{participant_id}")
    return found
