"""Planning new sessions: once or as a series, as a recurrence rule of RFC 5545."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

REPEATS = ("once", "daily", "weekly", "fortnightly", "monthly")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SUPERVISIONS = ("none", "be_holiday_centre", "fr_extracurricular", "fr_periscolaire", "fr_periscolaire_pedt")
LAST_WEEK_OF_MONTH = 5


@dataclass(frozen=True)
class When:
    """From when to when on the site's clock, and how it repeats until which day."""

    on: date
    starts: time
    ends: time
    repeat: str
    weekdays: Sequence[str]
    until: date | None

    @property
    def first_local(self) -> datetime:
        """The first moment on the site's clock."""
        return datetime.combine(self.on, self.starts)

    @property
    def minutes(self) -> int:
        """How long it lasts; an end before the start is on the next day."""
        ends = datetime.combine(self.on, self.ends)
        if ends <= self.first_local:
            ends += timedelta(days=1)
        return (ends - self.first_local) // timedelta(minutes=1)

    @property
    def rule(self) -> str:
        """`FREQ=WEEKLY;BYDAY=WE;UNTIL=20270630`; one occurrence for what does not repeat."""
        if self.repeat == "once" or self.until is None:
            return "FREQ=DAILY;COUNT=1"
        until = f"UNTIL={self.until:%Y%m%d}"
        if self.repeat == "daily":
            return f"FREQ=DAILY;{until}"
        if self.repeat == "monthly":
            return f"FREQ=MONTHLY;BYDAY={self._week_of_month}{WEEKDAYS[self.on.weekday()]};{until}"
        days = ",".join(day for day in WEEKDAYS if day in self.weekdays) or WEEKDAYS[self.on.weekday()]
        interval = "INTERVAL=2;" if self.repeat == "fortnightly" else ""
        return f"FREQ=WEEKLY;{interval}BYDAY={days};{until}"

    @property
    def _week_of_month(self) -> int:
        number = (self.on.day - 1) // 7 + 1
        return -1 if number == LAST_WEEK_OF_MONTH else number


@dataclass(frozen=True)
class PossibleDay:
    """A date of the series, on the site's clock, with the name of its holiday."""

    on: date
    starts_at: datetime
    ends_at: datetime
    holiday: str | None


def possible_days_of(answer: Mapping[str, Any]) -> list[PossibleDay]:
    """The dates that the activities service tells of."""
    zone = ZoneInfo(answer["time_zone"])
    return [
        PossibleDay(
            date.fromisoformat(day["on"]),
            datetime.fromisoformat(day["starts_at"]).astimezone(zone),
            datetime.fromisoformat(day["ends_at"]).astimezone(zone),
            day["holiday"],
        )
        for day in answer["days"]
    ]


def left_out(days: Sequence[PossibleDay], kept: Sequence[str]) -> list[str]:
    """The dates of a preview that nobody ticked."""
    return [day.on.isoformat() for day in days if day.on.isoformat() not in kept]
