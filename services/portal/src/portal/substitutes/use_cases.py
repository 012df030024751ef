"""Saying that somebody cannot come, and stepping in."""

from __future__ import annotations

from datetime import date

from portal.asking import Json
from portal.findings.domain import with_findings
from portal.visits import Visitor


async def report_absence(visitor: Visitor, person_id: str, days: tuple[date, date], key: str) -> Json:
    """Somebody cannot come: shifts become free and others are asked, once for a key. Raises Refused."""
    body = {"first_on": days[0].isoformat(), "last_on": days[1].isoformat()}
    absence = await visitor.asking.create("staffing", f"/people/{person_id}/absences", body, key)
    searches = [
        {**search, "asked": [with_findings(one, "warnings") for one in search["asked"]]}
        for search in absence["searches"]
    ]
    return {**absence, "searches": searches}


async def step_in(visitor: Visitor, search_id: str) -> None:
    """Take the place that one was asked for; the first one gets it. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", f"/substitute-requests/{search_id}/acceptance")


async def seek_substitute(visitor: Visitor, assignment_id: str, in_return_assignment_id: str, key: str) -> None:
    """Ask others to take over, or one colleague to exchange, once for a key. Raises Refused or Unavailable."""
    body = {"in_return_assignment_id": in_return_assignment_id} if in_return_assignment_id else {}
    await visitor.asking.create("staffing", f"/assignments/{assignment_id}/substitute-requests", body, key)


async def withdraw_search(visitor: Visitor, search_id: str) -> None:
    """Nobody is needed any more. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", f"/substitute-requests/{search_id}/withdrawal")
