"""Taking an open shift, and leaving one."""

from __future__ import annotations

from portal.visits import Visitor


async def sign_up(visitor: Visitor, shift_id: str, key: str) -> None:
    """Take an open shift oneself, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("staffing", f"/shifts/{shift_id}/sign-up", {}, key)


async def release(visitor: Visitor, assignment_id: str) -> None:
    """Take somebody off a shift; volunteers themselves too. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", f"/assignments/{assignment_id}/release")
