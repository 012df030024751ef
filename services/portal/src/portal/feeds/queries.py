"""Questions of calendar programs that cannot sign in."""

from __future__ import annotations

import re

from portal.asking import Json, Refused
from portal.visits import Visitor

SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")


async def get_reserved(visitor: Visitor, secret: str) -> Json:
    """What a resource is reserved for. Raises Refused (404) unless the secret is that of an address in use."""
    if not SECRET.fullmatch(secret):
        raise Refused(404, "not-found", "No such calendar", None)
    return dict(await visitor.asking.get("partners", f"/resource-calendars/{secret}"))
