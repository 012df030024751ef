"""What associations achieved, as a federation may see it: numbers of groups, never of a few people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

GROUP_MIN = 5


@dataclass(frozen=True)
class Counts:
    """What was counted for one association: sessions held and called off, places, people booked, marked, present."""

    organisation_id: UUID
    sessions: int
    cancelled: int
    capacity: int
    booked: int
    marked: int
    present: int


@dataclass(frozen=True)
class Figures:
    """The same without groups of fewer than five people: None where too few are meant, or could be worked out."""

    organisation_id: UUID
    sessions: int
    cancelled: int
    capacity: int
    booked: int | None
    marked: int | None
    present: int | None


def without_small_groups(counts: Counts) -> Figures:
    """Suppress small groups, and what would tell them by subtraction."""
    missing = counts.marked - counts.present
    is_attendance_shown = not any(map(_is_small, (counts.marked, counts.present, missing)))
    return Figures(
        organisation_id=counts.organisation_id,
        sessions=counts.sessions,
        cancelled=counts.cancelled,
        capacity=counts.capacity,
        booked=None if _is_small(counts.booked) else counts.booked,
        marked=None if _is_small(counts.marked) else counts.marked,
        present=counts.present if is_attendance_shown else None,
    )


def _is_small(count: int) -> bool:
    return 0 < count < GROUP_MIN
