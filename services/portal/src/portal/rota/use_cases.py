"""Filling shifts: by hand, or as the platform proposes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.asking import Json
from portal.directory.domain import Post
from portal.rota.domain import Reason, reason_of
from portal.visits import Visitor


async def plan_shift(visitor: Visitor, session_id: str, needs: dict[str, object], key: str) -> None:
    """Plan a shift of a session, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("staffing", f"/sessions/{session_id}/shifts", needs, key)


async def plan_shift_beside_sessions(visitor: Visitor, post: Post, needs: dict[str, object], key: str) -> None:
    """Plan a shift of the association that belongs to no session, once for a key. Raises Refused or Unavailable."""
    body = {"organisation_id": post.organisation.id, **needs}
    await visitor.asking.create("staffing", "/shifts", body, key)


async def change_shift(visitor: Visitor, shift_id: str, changes: dict[str, object], version: int) -> None:
    """Change what a shift needs. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/shifts/{shift_id}", changes, version)


async def cancel_shift(visitor: Visitor, shift_id: str) -> None:
    """Call a shift off: who is on it is released and told. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", f"/shifts/{shift_id}/cancellation")


async def assign(visitor: Visitor, shift_id: str, person_id: str, because: str, key: str) -> None:
    """Put somebody on a shift, once for a key; a reason answers a warning. Raises Refused or Unavailable."""
    body = {"person_id": person_id, **({"because": because} if because else {})}
    await visitor.asking.create("staffing", f"/shifts/{shift_id}/assignments", body, key)


async def release(visitor: Visitor, assignment_id: str) -> None:
    """Take somebody off a shift. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", f"/assignments/{assignment_id}/release")


async def request_proposal(visitor: Visitor, post: Post, from_at: datetime, until_at: datetime, key: str) -> Json:
    """Ask who could fill the shifts of a time, once for a key. Raises Refused or Unavailable."""
    body = {
        "organisation_id": post.organisation.id, "from_at": from_at.isoformat(), "until_at": until_at.isoformat(),
    }  # fmt: skip
    return await visitor.asking.create("staffing", "/proposals", body, key)


async def request_session_proposal(visitor: Visitor, session_id: str, key: str) -> Json:
    """Ask who could do the shifts of one session, once for a key. Raises Refused or Unavailable."""
    return await visitor.asking.create("staffing", f"/sessions/{session_id}/proposals", {}, key)


async def accept_proposal(visitor: Visitor, proposal_id: str, without: Sequence[str]) -> list[Reason]:
    """Assign what was proposed but for some shifts; what could not be assigned any more. Raises Refused."""
    body = {"without_shift_ids": list(without)}
    answer = await visitor.asking.do("staffing", f"/proposals/{proposal_id}/acceptance", body)
    return [reason_of(one) for one in answer["refused"]]


async def ask_elsewhere(visitor: Visitor, shift_id: str, person_ids: list[str], key: str) -> None:
    """Ask people of other associations to take a place, once for a key. Raises Refused or Unavailable."""
    body = {"person_ids": person_ids}
    await visitor.asking.create("staffing", f"/shifts/{shift_id}/substitute-requests", body, key)
