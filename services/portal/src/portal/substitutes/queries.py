"""Questions about who is sought."""

from __future__ import annotations

from portal.substitutes.domain import Search, search_of
from portal.visits import Visitor


async def list_searches(visitor: Visitor) -> list[Search]:
    """Places that somebody is sought for: in the visitor's associations, and those that he is asked for himself."""
    found = await visitor.asking.list_all("staffing", "/substitute-requests", state="open")
    return sorted((search_of(one) for one in found), key=lambda one: (one.starts_at, one.id))
