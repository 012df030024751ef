"""Writing meetings down, giving tasks and doing them."""

from __future__ import annotations

from collections.abc import Mapping

from portal.visits import Visitor


async def write_down_meeting(visitor: Visitor, body: Mapping[str, object], key: str) -> str:
    """Write a meeting down, once for a key, and say its id. Raises Refused or Unavailable."""
    return str((await visitor.asking.create("partners", "/meetings", body, key))["id"])


async def rewrite_meeting(visitor: Visitor, meeting_id: str, body: Mapping[str, object], version: int) -> None:
    """Replace what is written, on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PUT", "partners", f"/meetings/{meeting_id}", body, version)


async def give_task(visitor: Visitor, body: Mapping[str, object], key: str) -> None:
    """Give a member a task, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("partners", "/tasks", body, key)


async def finish_task(visitor: Visitor, task_id: str) -> None:
    """Say that a task is done. Raises Refused or Unavailable."""
    await visitor.asking.do("partners", f"/tasks/{task_id}/done")
