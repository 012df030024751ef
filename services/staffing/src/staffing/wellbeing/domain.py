"""Signs that somebody carries too much: hours, evenings, short rests. They warn and forbid nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from staffing.hours.domain import Span, elapsed, is_evening, is_weekend, time_within

SHORT_REST = timedelta(hours=12)
EVENINGS_MANY = 3
MONTHS_WITHOUT_LEAVE = 6


class Sign(StrEnum):
    """What is worth a word with somebody."""

    overload = "overload"
    short_rest = "short_rest"
    many_evenings = "many_evenings"
    no_leave = "no_leave"


@dataclass(frozen=True)
class Load:
    """What a week asks of somebody, in all associations known; minutes are real ones."""

    minutes: int
    minutes_agreed: int | None
    evenings: int
    weekend_duties: int
    shortest_rest_minutes: int | None
    last_leave_on: date | None
    signs: tuple[Sign, ...]


def load_of(
    duties: Sequence[Span], week: Span, zone: ZoneInfo, minutes_agreed: int | None, last_leave_on: date | None
) -> Load:
    """The week of one person; rests on both sides of the week count, `last_leave_on` is None for who never had any."""
    mine = sorted(span for span in duties if span.overlaps(week))
    minutes = int(time_within(mine, week).total_seconds() // 60)
    evenings = sum(is_evening(span, zone) for span in mine)
    rest = shortest_night(duties, zone)
    signs = []
    if minutes_agreed is not None and minutes > minutes_agreed:
        signs.append(Sign.overload)
    if rest is not None and rest < SHORT_REST:
        signs.append(Sign.short_rest)
    if evenings >= EVENINGS_MANY:
        signs.append(Sign.many_evenings)
    monday = week.starts_at.astimezone(zone).date()
    if minutes_agreed is not None and _is_long_ago(last_leave_on, monday):
        signs.append(Sign.no_leave)
    return Load(
        minutes=minutes,
        minutes_agreed=minutes_agreed,
        evenings=evenings,
        weekend_duties=sum(is_weekend(span, zone) for span in mine),
        shortest_rest_minutes=None if rest is None else int(rest.total_seconds() // 60),
        last_leave_on=last_leave_on,
        signs=tuple(signs),
    )


def shortest_night(duties: Sequence[Span], zone: ZoneInfo) -> timedelta | None:
    """The shortest time from the last duty of a day to the first of the next day; None without two such days."""
    days: dict[date, Span] = {}
    for span in sorted(duties):
        day = span.starts_at.astimezone(zone).date()
        known = days.get(day)
        days[day] = span if known is None else Span(known.starts_at, max(known.ends_at, span.ends_at))
    nights = [
        elapsed(days[first].ends_at, days[second].starts_at)
        for first, second in pairwise(sorted(days))
        if second - first == timedelta(days=1)
    ]
    return min(nights, default=None)


def _is_long_ago(last_leave_on: date | None, today: date) -> bool:
    return last_leave_on is None or today - last_leave_on > timedelta(days=30 * MONTHS_WITHOUT_LEAVE)
