"""Questions about who is sought."""

from __future__ import annotations

from portal.substitutes.domain import Exchange, Search, exchange_of, search_of
from portal.visits import Visitor


async def list_searches(visitor: Visitor) -> list[Search]:
    """Places that somebody is sought for: in the visitor's associations, and those that he is asked for himself."""
    found = await visitor.asking.list_all("staffing", "/substitute-requests", state="open")
    return sorted((search_of(one) for one in found), key=lambda one: (one.starts_at, one.id))


async def list_exchanges(visitor: Visitor, assignment_id: str) -> list[Exchange]:
    """What colleagues have that the visitor could do instead of his own shift, and they his; the earliest first."""
    found = await visitor.asking.get("staffing", f"/assignments/{assignment_id}/exchanges")
    return [exchange_of(one) for one in found]
