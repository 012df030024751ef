"""When somebody is available: weekly windows on the clock of the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

KINDS = ("preferred", "available", "unavailable")
WEEKDAYS = range(7)
MINUTES_OF_HOUR = 60
MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR
A_MONDAY = date(2024, 1, 1)

Json = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """A weekly window; `number` is its place in the list that is sent back as a whole."""

    number: int
    weekday: int
    kind: str
    starts: str
    ends: str
    valid_from: str | None
    valid_to: str | None

    @property
    def a_day(self) -> date:
        """A day of this weekday, for its name."""
        return day_of(self.weekday)


def day_of(weekday: int) -> date:
    """A day that falls on a weekday; 0 is Monday."""
    return A_MONDAY + timedelta(days=weekday)


def clock(minute: int) -> str:
    """A minute of the day as people write it; the last one is 24:00."""
    return f"{minute // MINUTES_OF_HOUR:02}:{minute % MINUTES_OF_HOUR:02}"


def windows_of(answers: Sequence[Mapping[str, Any]]) -> list[Window]:
    """The windows in the order of the week."""
    found = [
        Window(
            number, answer["weekday"], answer["kind"], clock(answer["from_minute"]), clock(answer["to_minute"]),
            answer["valid_from"], answer["valid_to"],
        )
        for number, answer in enumerate(answers)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.weekday, one.starts, one.number))


def with_window(answers: Sequence[Json], weekdays: Sequence[int], starts: time, ends: time, kind: str) -> list[Json]:
    """The windows and one more on each of some weekdays; an end at midnight is that of the day."""
    to_minute = ends.hour * MINUTES_OF_HOUR + ends.minute or MINUTES_OF_DAY
    window = {"from_minute": starts.hour * MINUTES_OF_HOUR + starts.minute, "to_minute": to_minute, "kind": kind}
    return [*answers, *({"weekday": weekday, **window} for weekday in weekdays)]


def without_window(answers: Sequence[Json], number: int) -> list[Json]:
    """The windows but for one."""
    return [answer for place, answer in enumerate(answers) if place != number]
