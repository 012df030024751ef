"""Recording hours, and deciding about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.hours.domain import Hours
from portal.visits import Visitor


async def record_hours(
    visitor: Visitor, person_id: str, title: str, period: tuple[datetime, datetime], break_minutes: int, key: str
) -> None:
    """Record hours of one's own, once for a key. Raises Refused or Unavailable."""
    body = {
        "title": title, "starts_at": period[0].isoformat(), "ends_at": period[1].isoformat(),
        "break_minutes": break_minutes,
    }  # fmt: skip
    await visitor.asking.create("staffing", f"/people/{person_id}/hours", body, key)


async def decide_hours(visitor: Visitor, hours: Hours, state: str) -> None:
    """Approve hours, which values them, or refuse them. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/hours/{hours.id}", {"state": state}, hours.version)


async def set_terms(visitor: Visitor, body: Mapping[str, object], key: str) -> None:
    """Say what an association gives and counts from a day on, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("staffing", "/hour-terms", body, key)
