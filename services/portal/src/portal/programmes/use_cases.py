"""Writing programmes and activities."""

from __future__ import annotations

from collections.abc import Mapping

from portal.asking import Json
from portal.programmes.domain import Programme, programme_of
from portal.visits import Visitor


async def draft_programme(visitor: Visitor, body: Mapping[str, object], key: str) -> Programme:
    """Write a draft, once for a key. Raises Refused or Unavailable."""
    return programme_of(await visitor.asking.create("activities", "/programmes", body, key))


async def rewrite_programme(visitor: Visitor, programme_id: str, body: Mapping[str, object], version: int) -> None:
    """Write a draft anew on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PUT", "activities", f"/programmes/{programme_id}", body, version)


async def step_programme(visitor: Visitor, programme_id: str, state: str, version: int) -> None:
    """Approve, publish or close. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/programmes/{programme_id}", {"state": state}, version)


async def add_activity(visitor: Visitor, body: Mapping[str, object], key: str) -> Json:
    """Add an activity to a programme, once for a key. Raises Refused or Unavailable."""
    return await visitor.asking.create("activities", "/activities", body, key)


async def change_activity(visitor: Visitor, activity_id: str, body: Mapping[str, object], version: int) -> None:
    """Change an activity on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/activities/{activity_id}", body, version)
