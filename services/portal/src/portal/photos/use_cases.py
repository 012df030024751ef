"""Adding photos to a resource and removing them."""

from __future__ import annotations

import asyncio
from base64 import b64encode

from portal.pictures import small_picture
from portal.visits import Visitor


async def add_photo(visitor: Visitor, resource_id: str, uploaded: bytes, description: str, key: str) -> None:
    """Add a picture made small, once for a key. Raises NotAPicture, Refused or Unavailable."""
    picture = await asyncio.to_thread(small_picture, uploaded)
    body = {"description": description, "content": b64encode(picture).decode()}
    await visitor.asking.create("partners", f"/resources/{resource_id}/photos", body, key)


async def remove_photo(visitor: Visitor, photo_id: str) -> None:
    """Remove a picture. Raises Refused or Unavailable."""
    await visitor.asking.remove("partners", f"/photos/{photo_id}")
