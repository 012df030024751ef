"""Recording people, their papers and their leave."""

from __future__ import annotations

from datetime import date

from portal.asking import Json
from portal.directory.domain import Post
from portal.people.domain import Leave, Paper
from portal.visits import Visitor


async def register_person(visitor: Visitor, post: Post, fields: Json, key: str) -> Json:
    """Record somebody, once for a key. Raises Refused or Unavailable."""
    body = {**fields, "organisation_id": post.organisation.id}
    return await visitor.asking.create("staffing", "/people", body, key)


async def change_person(visitor: Visitor, person_id: str, fields: Json, version: int) -> None:
    """Change the record on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/people/{person_id}", fields, version)


async def send_link_code(visitor: Visitor, person_id: str) -> None:
    """Send the person a code to link an account. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", f"/people/{person_id}/link-code")


async def unlink_account(visitor: Visitor, person_id: str) -> None:
    """Take the record away from its account. Raises Refused or Unavailable."""
    await visitor.asking.remove("staffing", f"/people/{person_id}/account")


async def record_paper(visitor: Visitor, person_id: str, fields: Json, key: str) -> None:
    """Record a paper, once for a key; one that a planner records counts as seen. Raises Refused or Unavailable."""
    await visitor.asking.create("staffing", f"/people/{person_id}/qualifications", fields, key)


async def confirm_paper(visitor: Visitor, paper: Paper) -> None:
    """Say that a paper was seen. Raises Refused or Unavailable."""
    await visitor.asking.change(
        "PATCH", "staffing", f"/qualifications/{paper.id}", {"is_verified": True}, paper.version
    )


async def remove_paper(visitor: Visitor, paper: Paper) -> None:
    """Take a paper off. Raises Refused or Unavailable."""
    await visitor.asking.remove("staffing", f"/qualifications/{paper.id}", paper.version)


async def record_leave(visitor: Visitor, person_id: str, days: tuple[date, date], key: str) -> None:
    """Leave of a planner's people is approved, one's own is asked for; once for a key. Raises Refused."""
    body = {"starts_on": days[0].isoformat(), "ends_on": days[1].isoformat()}
    await visitor.asking.create("staffing", f"/people/{person_id}/leaves", body, key)


async def decide_leave(visitor: Visitor, leave: Leave, state: str) -> None:
    """Approve, refuse or withdraw leave. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/leaves/{leave.id}", {"state": state}, leave.version)


async def open_passport(visitor: Visitor, person_id: str, key: str) -> None:
    """Let the federation know a person's papers, windows and hours, once for a key. Raises Refused."""
    await visitor.asking.create("staffing", f"/people/{person_id}/passport", {}, key)


async def close_passport(visitor: Visitor, person_id: str) -> None:
    """Withdraw that, at once and everywhere. Raises Refused or Unavailable."""
    await visitor.asking.remove("staffing", f"/people/{person_id}/passport")
