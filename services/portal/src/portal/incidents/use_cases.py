"""Writing down what happened, and following it up."""

from __future__ import annotations

from collections.abc import Mapping

from portal.asking import Json
from portal.visits import Visitor


async def log_incident(visitor: Visitor, session_id: str, body: Mapping[str, object], key: str) -> Json:
    """Write an incident down, once for a key. Raises Refused or Unavailable."""
    return await visitor.asking.create("activities", f"/sessions/{session_id}/incidents", body, key)


async def add_follow_up(visitor: Visitor, incident_id: str, task: str, due_on: str, key: str) -> None:
    """Write down what is to do, once for a key. Raises Refused or Unavailable."""
    body = {"task": task, "due_on": due_on}
    await visitor.asking.create("activities", f"/incidents/{incident_id}/follow-ups", body, key)


async def settle_follow_up(visitor: Visitor, follow_up_id: str, version: int, *, is_done: bool) -> None:
    """Say that something was done, or is to do again. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/follow-ups/{follow_up_id}", {"is_done": is_done}, version)
