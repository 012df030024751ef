"""Saying when one is available."""

from __future__ import annotations

from collections.abc import Sequence

from portal.asking import Json
from portal.visits import Visitor


async def set_windows(visitor: Visitor, person_id: str, windows: Sequence[Json], version: int) -> None:
    """Replace all windows on the version that was read. Raises Refused or Unavailable."""
    path, body = f"/people/{person_id}/availability", {"windows": list(windows)}
    await visitor.asking.change("PUT", "staffing", path, body, version)
