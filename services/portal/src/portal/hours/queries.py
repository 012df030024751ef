"""Questions about worked hours."""

from __future__ import annotations

from datetime import date

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.hours.domain import Hours, Terms, hours_of, terms_of
from portal.visits import Visitor


async def list_hours(visitor: Visitor, person_id: str | None = None, state: str | None = None) -> list[Hours]:
    """Hours that the visitor may see, of one person or in one state; the latest first."""
    found = await visitor.asking.list_all("staffing", "/hours", person_id=person_id, state=state)
    return sorted((hours_of(one) for one in found), key=lambda one: (one.starts_at, one.id), reverse=True)


async def list_waiting_hours(visitor: Visitor, post: Post) -> list[Hours]:
    """Hours of the association that nobody has approved or refused."""
    found = await list_hours(visitor, state="recorded")
    return [one for one in found if one.organisation_id == post.organisation.id]


async def get_waiting_hours(visitor: Visitor, post: Post, hours_id: str) -> Hours:
    """Raises Refused (404) when they were decided or belong to another association."""
    found = next((one for one in await list_waiting_hours(visitor, post) if one.id == hours_id), None)
    if found is None:
        raise Refused(404, "not-found", "These hours do not wait for an answer", None)
    return found


async def list_terms(visitor: Visitor, post: Post) -> list[Terms]:
    """What the association gives and counts, from the newest terms to the first."""
    found = await visitor.asking.get("staffing", "/hour-terms", organisation_id=post.organisation.id)
    return sorted((terms_of(one) for one in found), key=lambda one: one.valid_from, reverse=True)


async def list_sums(visitor: Visitor, post: Post, first: date, last: date) -> list[Json]:
    """Approved hours of the association by footing, in minutes, with value and allowances in minor units."""
    found: list[Json] = await visitor.asking.get(
        "staffing",
        "/hours/sums",
        organisation_id=post.organisation.id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return found
