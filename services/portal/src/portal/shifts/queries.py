"""Questions about shifts."""

from __future__ import annotations

import asyncio
from datetime import datetime

from portal.asking import Json
from portal.shifts.domain import Shift, shift_of
from portal.visits import Visitor


async def list_shifts(
    visitor: Visitor, organisation_id: str | None, from_at: datetime, until_at: datetime, *, is_open: bool | None = None
) -> list[Shift]:
    """The shifts of a time that the visitor may see, of one association when it is named."""
    answers = await visitor.asking.list_all(
        "staffing",
        "/shifts",
        organisation_id=organisation_id,
        from_at=from_at.isoformat(),
        until_at=until_at.isoformat(),
        is_open=is_open,
    )
    return [shift_of(answer) for answer in answers]


async def list_own_assignments(visitor: Visitor, from_at: datetime) -> list[tuple[Json, Shift]]:
    """What the visitor is on from now, with each shift, in order."""
    answers: list[Json] = await visitor.asking.get("staffing", "/assignments/mine", from_at=from_at.isoformat())
    own = [answer for answer in answers if answer["state"] != "released"]
    shifts = await asyncio.gather(*(visitor.asking.get("staffing", f"/shifts/{one['shift_id']}") for one in own))
    return sorted(zip(own, map(shift_of, shifts), strict=True), key=lambda pair: (pair[1].starts_at, pair[1].id))


async def list_session_shifts(visitor: Visitor, session_id: str) -> list[Shift]:
    """The shifts of a session that take place, in order."""
    found = [shift_of(one) for one in await visitor.asking.list_all("staffing", "/shifts", session_id=session_id)]
    return sorted((one for one in found if not one.is_cancelled), key=lambda one: (one.starts_at, one.id))
