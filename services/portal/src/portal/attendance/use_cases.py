"""Writing the attendance sheet, as a whole or cell by cell, and closing a session."""

from __future__ import annotations

from collections.abc import Sequence

from portal.asking import Refused
from portal.attendance.domain import Band, RecordedMark, counts_of, mark_of
from portal.attendance.queries import get_sheet
from portal.booking.domain import default_category
from portal.sessions.domain import Session
from portal.visits import Visitor

ATTEMPTS_MAX = 3


async def record_attendance(visitor: Visitor, session_id: str, marks: list[dict[str, str]], version: int) -> None:
    """Write marks on the version of the sheet that was read; marks of others stay. Raises Refused or Unavailable."""
    path = f"/sessions/{session_id}/attendance"
    await visitor.asking.change("PUT", "activities", path, {"marks": marks}, version)


async def mark_participant(
    visitor: Visitor, session: Session, participant_id: str, state: str, base_version: int, key: str
) -> RecordedMark:
    """Write one cell on the version that was read, once for a key. Raises Refused or Unavailable."""
    body = {"participant_id": participant_id, "state": state, "base_version": base_version}
    written = await visitor.asking.create("activities", f"/sessions/{session.id}/attendance/marks", body, key)
    return mark_of(written, session.time_zone)


async def complete_session(visitor: Visitor, session_id: str) -> None:
    """Close a session that took place. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", f"/sessions/{session_id}/completion")


async def count_visitors(visitor: Visitor, session: Session, seen: Sequence[Band], wished: Sequence[Band]) -> None:
    """Write how many came without a name, when nobody counted since `seen`; marks on the sheet do not matter.

    Raises Refused (409 when somebody counted meanwhile) or Unavailable.
    """
    counts = [{"from_age": band.from_age, "to_age": band.to_age, "count": band.count} for band in wished]
    body = {"marks": [], "anonymous_counts": counts}
    for attempt in range(1, ATTEMPTS_MAX + 1):
        sheet = await get_sheet(visitor, session)
        if list(sheet.counted) == list(wished):
            return
        if list(sheet.counted) != list(seen):
            raise Refused(409, "counted-meanwhile", "Somebody else counted meanwhile", None)
        try:
            await visitor.asking.change("PUT", "activities", f"/sessions/{session.id}/attendance", body, sheet.version)
        except Refused as problem:
            if problem.status != 412 or attempt == ATTEMPTS_MAX:
                raise
        else:
            return


async def count_visitor(visitor: Visitor, session: Session, band: Band, key: str) -> list[Band]:
    """Count one more without a name in a band, once for a key; what is counted now. Raises Refused or Unavailable."""
    ages = {"from_age": band.from_age, "to_age": band.to_age}
    path = f"/sessions/{session.id}/attendance/visitors"
    return counts_of(await visitor.asking.create("activities", path, ages, key))


async def admit(visitor: Visitor, session: Session, participant_id: str, key: str) -> None:
    """Give a place to somebody known who came without a booking, and write that they are there; once for a key.

    Raises Refused or Unavailable; the same form may be sent again.
    """
    place = {"participant_id": participant_id, "price_category": default_category(session)}
    await visitor.asking.create("activities", f"/sessions/{session.id}/walk-ins", {"places": [place]}, key)
    await mark_participant(visitor, session, participant_id, "present", 0, f"{key}-present")
