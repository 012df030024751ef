"""Questions about a week by person."""

from __future__ import annotations

from datetime import date, timedelta

from portal.people.domain import Leave, leave_of
from portal.visits import Visitor

WEEK = timedelta(days=6)


async def list_leaves_of_week(visitor: Visitor, monday: date) -> list[Leave]:
    """The approved leave that touches a week."""
    found = await visitor.asking.list_all(
        "staffing",
        "/leaves",
        state="approved",
        from_on=monday.isoformat(),
        until_on=(monday + WEEK).isoformat(),
    )
    return [leave_of(one) for one in found]
