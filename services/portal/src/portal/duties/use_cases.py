"""Giving a place on a shift to somebody, to somebody else, or to nobody."""

from __future__ import annotations

from portal.visits import Visitor


async def change_duty(visitor: Visitor, shift_id: str, assignment_id: str, person_id: str, key: str) -> None:
    """Without an assignment the place was free; without a person it becomes free. Raises Refused or Unavailable."""
    if not person_id:
        await visitor.asking.do("staffing", f"/assignments/{assignment_id}/release")
        return
    path = f"/assignments/{assignment_id}/handover" if assignment_id else f"/shifts/{shift_id}/assignments"
    await visitor.asking.create("staffing", path, {"person_id": person_id}, key)
