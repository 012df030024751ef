"""Questions about consents."""

from __future__ import annotations

import asyncio

from portal.asking import Json
from portal.booking.queries import list_own_households
from portal.consents.domain import Sheet, sheets_of
from portal.home_clock import home_today
from portal.visits import Visitor


async def list_sheets_of_household(visitor: Visitor, household: Json) -> list[Sheet]:
    """What is asked of a household and its members, with what was answered last."""
    wordings, standing, members = await asyncio.gather(
        visitor.asking.get("activities", "/consent-wordings"),
        visitor.asking.list_all("activities", f"/households/{household['id']}/consents", standing=True),
        visitor.asking.list_all("activities", "/participants", household_id=household["id"]),
    )
    return sheets_of(household, members, wordings, standing, visitor.language, home_today())


async def list_sheets_of_participant(visitor: Visitor, participant: Json) -> list[Sheet]:
    """The same of somebody without a household."""
    wordings, standing = await asyncio.gather(
        visitor.asking.get("activities", "/consent-wordings"),
        visitor.asking.list_all("activities", f"/participants/{participant['id']}/consents", standing=True),
    )
    return sheets_of(None, [participant], wordings, standing, visitor.language, home_today())


async def list_own_sheets(visitor: Visitor) -> list[Sheet]:
    """What is asked of all households that the visitor answers for."""
    households = await list_own_households(visitor)
    found = await asyncio.gather(*(list_sheets_of_household(visitor, household) for household in households))
    return [sheet for sheets in found for sheet in sheets]
