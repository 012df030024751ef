"""Questions of those who make the rota."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.findings.domain import with_findings
from portal.people.domain import Paper, paper_of
from portal.rota.domain import Proposal, proposal_of
from portal.shifts.domain import Shift, shift_of
from portal.visits import Visitor


async def map_names(visitor: Visitor, post: Post) -> dict[str, str]:
    """The names of the association's people, by id."""
    people = await visitor.asking.list_all("staffing", "/people", organisation_id=post.organisation.id)
    return {person["id"]: person["display_name"] for person in people}


async def get_own_shift(visitor: Visitor, post: Post, shift_id: str) -> Shift:
    """A shift of the association. Raises Refused (404)."""
    answer = await visitor.asking.get("staffing", f"/shifts/{shift_id}")
    if answer["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "Another association plans this", None)
    return shift_of(answer)


async def list_candidates(visitor: Visitor, shift_id: str) -> list[Json]:
    """Everybody who could do a shift, and for each what speaks against it."""
    found = await visitor.asking.get("staffing", f"/shifts/{shift_id}/candidates")
    return [with_findings(one) for one in found]


async def list_neighbours(visitor: Visitor, shift_id: str) -> list[Json]:
    """People of other associations whose passports are open: first who can be asked, then why others cannot."""
    found = await visitor.asking.get("staffing", f"/shifts/{shift_id}/candidates-elsewhere")
    return [with_findings(one) for one in found]


async def get_proposal(visitor: Visitor, proposal_id: str) -> Proposal:
    """One proposal with its shifts as they are now."""
    answer: dict[str, Any] = await visitor.asking.get("staffing", f"/proposals/{proposal_id}")
    paths = [f"/shifts/{one['shift_id']}" for one in answer["shifts"]]
    shifts = [shift_of(found) for found in await visitor.asking.get_many("staffing", paths) if found is not None]
    return proposal_of(answer, {shift.id: shift for shift in shifts})


async def list_expiring_papers(visitor: Visitor, post: Post, before: datetime) -> list[tuple[str, Paper]]:
    """Papers of the association's people that expire before a day, with whose they are, the first to expire first."""
    names, papers = await asyncio.gather(
        map_names(visitor, post),
        visitor.asking.list_all("staffing", "/qualifications", expires_before=before.date().isoformat()),
    )
    own = [(names[paper.person_id], paper) for paper in map(paper_of, papers) if paper.person_id in names]
    return sorted(own, key=lambda pair: (str(pair[1].expires_on), pair[0]))
