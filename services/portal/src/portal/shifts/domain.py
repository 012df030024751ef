"""Shifts: times in which people are needed, and who is on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.findings.domain import Finding, finding_of

ROLES = ("animator", "coordinator", "helper", "instructor", "first_aider", "driver")
PRESENT_STATES = frozenset({"held", "assigned"})


@dataclass(frozen=True)
class Assignment:
    """Somebody on a shift, with what the rules said about it."""

    id: str
    shift_id: str
    person_id: str
    state: str
    starts_at: datetime
    ends_at: datetime
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Shift:
    """A shift on the clock of its place; `assigned` are those who are on it now."""

    id: str
    session_id: str | None
    version: int
    title: str
    role: str
    places: int
    state: str
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    required: Sequence[str]
    assigned: Sequence[Assignment]

    @property
    def missing(self) -> int:
        """How many people it still needs."""
        return max(0, self.places - len(self.assigned))

    @property
    def coverage(self) -> str:
        """One word for how well it is covered: none, short, ok or over."""
        if not self.assigned:
            return "none"
        if self.missing:
            return "short"
        return "ok" if len(self.assigned) == self.places else "over"

    @property
    def is_cancelled(self) -> bool:
        """True when it was called off."""
        return self.state == "cancelled"


def shift_of(answer: Mapping[str, Any]) -> Shift:
    """The shift that the staffing service tells of."""
    zone = ZoneInfo(answer["time_zone"])
    plain = ("id", "session_id", "version", "title", "role", "places", "state", "is_open", "required")
    on_it = [assignment_of(one, zone) for one in answer["assignments"] if one["state"] in PRESENT_STATES]
    return Shift(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
        assigned=on_it,
    )


def assignment_of(answer: Mapping[str, Any], zone: ZoneInfo) -> Assignment:
    """Somebody on a shift."""
    plain = ("id", "shift_id", "person_id", "state")
    return Assignment(
        **{name: answer[name] for name in plain},
        findings=[finding_of(one) for one in answer["findings"]],
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
    )


@dataclass(frozen=True)
class ShiftDay:
    """The shifts of one day, in order."""

    on: date
    shifts: Sequence[Shift]


def days_of_shifts(shifts: Iterable[Shift]) -> list[ShiftDay]:
    """Shifts by day and time; those that were called off are left out."""
    by_day: dict[date, list[Shift]] = {}
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.title, one.id)):
        if not shift.is_cancelled:
            by_day.setdefault(shift.starts_at.date(), []).append(shift)
    return [ShiftDay(on, found) for on, found in by_day.items()]
