"""Signs of a heavy week, each by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from staffing.hours.domain import Span, week_of
from staffing.wellbeing.domain import Sign, load_of, shortest_night

BRUSSELS = ZoneInfo("Europe/Brussels")
LEAVE_ON = date(2026, 10, 1)


def span(day: int, first: float, last: float) -> Span:
    """Hours of a day of November 2026 in Brussels; the 23rd is a Monday."""
    midnight = datetime(2026, 11, day, tzinfo=BRUSSELS)
    begin, end = ((midnight + timedelta(hours=hour)).astimezone(UTC) for hour in (first, last))
    return Span(begin, end)


WEEK = week_of(span(25, 12, 13).starts_at, BRUSSELS)


@pytest.mark.parametrize(
    ("duties", "agreed", "leave_on", "signs"),
    [
        ([], None, None, []),
        ([span(23, 9, 17)], 480, LEAVE_ON, []),
        ([span(23, 9, 17.5)], 480, LEAVE_ON, [Sign.overload]),
        ([span(22, 9, 17), span(23, 9, 17)], 480, LEAVE_ON, []),  # Sunday was last week
        ([span(23, 14, 22), span(24, 9.5, 12)], None, None, [Sign.short_rest]),
        ([span(23, 14, 22), span(24, 10, 12)], None, None, []),
        ([span(day, 19, 21) for day in (23, 25, 27)], None, None, [Sign.many_evenings]),
        ([span(day, 19, 21) for day in (23, 25)], None, None, []),
        ([], 480, None, [Sign.no_leave]),
        ([], 480, date(2026, 5, 1), [Sign.no_leave]),
    ],
)
def test_signs(duties: list[Span], agreed: int | None, leave_on: date | None, signs: list[Sign]) -> None:
    assert list(load_of(duties, WEEK, BRUSSELS, agreed, leave_on).signs) == signs


def test_a_week_in_figures() -> None:
    load = load_of([span(23, 19, 21), span(28, 10, 12), span(29, 10, 12)], WEEK, BRUSSELS, 2280, LEAVE_ON)
    assert (load.minutes, load.evenings, load.weekend_duties, load.shortest_rest_minutes) == (360, 1, 2, 22 * 60)


def test_the_shortest_night_lies_between_two_days_in_a_row() -> None:
    assert shortest_night([span(23, 9, 12), span(23, 18, 20)], BRUSSELS) is None
    assert shortest_night([span(23, 9, 20), span(25, 6, 8)], BRUSSELS) is None
    assert shortest_night([span(23, 9, 10), span(23, 18, 20), span(24, 6, 8)], BRUSSELS) == timedelta(hours=10)
