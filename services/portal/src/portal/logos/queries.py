"""Questions about logos."""

from __future__ import annotations

from portal.asking import Refused
from portal.directory.queries import get_directory
from portal.visits import Visitor


async def get_logo(visitor: Visitor, organisation_id: str, digest: str) -> bytes:
    """A logo in the format WebP. Raises Refused (404) when the organisation has another one, or none."""
    organisation = (await get_directory(visitor.asking)).by_id.get(organisation_id)
    if organisation is None or organisation.logo != digest:
        raise Refused(404, "not-found", "There is no such logo", None)
    owner_id = organisation.parent_id or organisation.id
    return await visitor.asking.get_file("partners", f"/organisations/{owner_id}/logo")
