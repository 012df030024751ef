"""Questions about a family's attestations."""

from __future__ import annotations

import asyncio

from portal.attestations.domain import Attestable, attestable_of
from portal.booking.queries import list_own_households
from portal.visits import Visitor


async def list_attestable(visitor: Visitor) -> list[Attestable]:
    """What the visitor's households can have attested, with what they have asked for."""
    households = await list_own_households(visitor)
    found = await asyncio.gather(*(_of_household(visitor, household["id"]) for household in households))
    return [one for attestable in found for one in attestable]


async def _of_household(visitor: Visitor, household_id: str) -> list[Attestable]:
    years, asked, members = await asyncio.gather(
        visitor.asking.get("activities", f"/households/{household_id}/attestable-years"),
        visitor.asking.list_all("activities", f"/households/{household_id}/attestations"),
        visitor.asking.list_all("activities", "/participants", household_id=household_id),
    )
    names = {member["id"]: f"{member['given_name']} {member['family_name']}" for member in members}
    return attestable_of(years, asked, names)


async def get_pdf(visitor: Visitor, attestation_id: str) -> bytes:
    """The file. Raises Refused (404, 409)."""
    return await visitor.asking.get_file("activities", f"/attestations/{attestation_id}/pdf")
