"""Questions about the people of an association."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.people.domain import Leave, Paper, Person, leave_of, paper_of, person_of
from portal.visits import Visitor


async def list_people(visitor: Visitor, post: Post) -> list[Person]:
    """Everybody who is recorded there, those who have left too."""
    found = await visitor.asking.list_all("staffing", "/people", organisation_id=post.organisation.id)
    return [person_of(one) for one in found]


async def get_own_person(visitor: Visitor, post: Post, person_id: str) -> Person:
    """Somebody of the association. Raises Refused (404)."""
    answer = await visitor.asking.get("staffing", f"/people/{person_id}")
    if answer["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "Another association has recorded this person", None)
    return person_of(answer)


async def list_papers(visitor: Visitor, person_id: str | None = None) -> list[Paper]:
    """The papers that the visitor may see, of one person when he is named, the newest first."""
    found = await visitor.asking.list_all("staffing", "/qualifications", person_id=person_id)
    return sorted((paper_of(one) for one in found), key=lambda paper: (paper.issued_on, paper.id), reverse=True)


async def list_leaves(visitor: Visitor, person_id: str | None = None, state: str | None = None) -> list[Leave]:
    """Leave of one person or of everybody the visitor may see, the latest first."""
    found = await visitor.asking.list_all("staffing", "/leaves", person_id=person_id, state=state)
    return sorted((leave_of(one) for one in found), key=lambda leave: (leave.starts_on, leave.id), reverse=True)


async def map_signs(visitor: Visitor, post: Post, day: date) -> dict[str, Sequence[str]]:
    """What is worth a word with somebody about the week of a day, by person."""
    found: list[Json] = await visitor.asking.get(
        "staffing", "/well-being", organisation_id=post.organisation.id, day=day.isoformat()
    )
    return {one["person_id"]: one["signs"] for one in found}


async def find_consent(visitor: Visitor, person_id: str) -> Json | None:
    """Whether the person lets the federation know him; None when he never said so."""
    try:
        found: Json = await visitor.asking.get("staffing", f"/people/{person_id}/passport")
    except Refused:
        return None
    return found if found["withdrawn_at"] is None else None
