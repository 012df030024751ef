"""Setting a logo and removing it."""

from __future__ import annotations

import asyncio
from base64 import b64encode

from portal.directory.use_cases import hear_of_change
from portal.pictures import small_logo
from portal.visits import Visitor


async def set_logo(visitor: Visitor, organisation_id: str, uploaded: bytes) -> None:
    """Set a picture made small. Raises NotAPicture, Refused or Unavailable."""
    picture = await asyncio.to_thread(small_logo, uploaded)
    body = {"content": b64encode(picture).decode()}
    await visitor.asking.put("partners", f"/organisations/{organisation_id}/logo", body)
    hear_of_change(visitor, organisation_id)


async def remove_logo(visitor: Visitor, organisation_id: str) -> None:
    """Show the initials again. Raises Refused or Unavailable."""
    await visitor.asking.remove("partners", f"/organisations/{organisation_id}/logo")
    hear_of_change(visitor, organisation_id)
