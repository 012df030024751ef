"""Saying when one is available, and who may know of it."""

from __future__ import annotations

from collections.abc import Sequence

from portal.asking import Json
from portal.visits import Visitor


async def set_windows(visitor: Visitor, person_id: str, windows: Sequence[Json], version: int) -> None:
    """Replace all windows on the version that was read. Raises Refused or Unavailable."""
    path, body = f"/people/{person_id}/availability", {"windows": list(windows)}
    await visitor.asking.change("PUT", "staffing", path, body, version)


async def open_passport(visitor: Visitor, person_id: str, key: str) -> None:
    """Let the federation know a person's papers, windows and hours, once for a key. Raises Refused."""
    await visitor.asking.create("staffing", f"/people/{person_id}/passport", {}, key)


async def close_passport(visitor: Visitor, person_id: str) -> None:
    """Withdraw that, at once and everywhere. Raises Refused or Unavailable."""
    await visitor.asking.remove("staffing", f"/people/{person_id}/passport")


async def link_account(visitor: Visitor, code: str) -> None:
    """Link the account to the record whose owner got this code. Raises Refused or Unavailable."""
    await visitor.asking.do("staffing", "/people/link", {"code": code})
