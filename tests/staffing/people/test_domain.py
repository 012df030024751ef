"""Weekly windows against times, on the clock of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from staffing.people.domain import AvailabilityKind, DatesAreReversed, Window, check_dates, human_of, presence

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BRUSSELS)


def window(weekday: int, first: int, last: int, kind: str = "available", **valid: date) -> Window:
    return Window(weekday, first * 60, last * 60, AvailabilityKind(kind), **valid)


@pytest.mark.parametrize(
    ("windows", "starts", "ends", "said"),
    [
        ([], at(3), at(5), "available"),
        ([window(0, 9, 17)], at(9), at(17), "available"),
        ([window(0, 9, 17)], at(8, 59), at(10), "outside"),
        ([window(0, 9, 17)], at(16), at(17, 1), "outside"),
        ([window(0, 9, 12), window(0, 12, 17)], at(10), at(16), "available"),
        ([window(0, 9, 12), window(0, 13, 17)], at(10), at(16), "outside"),
        ([window(0, 9, 17, "preferred")], at(10), at(12), "preferred"),
        ([window(0, 9, 17, "preferred"), window(0, 17, 20)], at(16), at(18), "available"),
        ([window(1, 9, 17)], at(10), at(12), "outside"),
        ([window(0, 9, 12, "unavailable")], at(11), at(13), "unavailable"),
        ([window(0, 9, 12, "unavailable")], at(12), at(13), "available"),
        ([window(0, 20, 24), window(1, 0, 2)], at(22), at(1, day=24), "available"),
        ([window(0, 20, 24)], at(22), at(1, day=24), "outside"),
        ([window(0, 20, 24)], at(22), at(0, day=24), "available"),
        ([window(0, 9, 17, valid_to=date(2026, 11, 22))], at(10), at(12), "available"),
        ([window(0, 9, 17, valid_from=MONDAY, valid_to=MONDAY)], at(10), at(12), "available"),
    ],
)
def test_what_windows_say_about_a_time(windows: list[Window], starts: datetime, ends: datetime, said: str) -> None:
    assert presence(windows, starts, ends, BRUSSELS) == said


def test_windows_are_on_the_clock_of_the_place_on_both_sides_of_the_clock_change() -> None:
    windows = [window(5, 9, 17), window(6, 9, 17)]
    saturday = datetime(2026, 10, 24, 7, tzinfo=UTC)  # 9 in the morning, summer time
    sunday = datetime(2026, 10, 25, 8, tzinfo=UTC)  # 9 in the morning, winter time
    assert presence(windows, saturday, saturday.replace(hour=15), BRUSSELS) == "available"
    assert presence(windows, sunday, sunday.replace(hour=16), BRUSSELS) == "available"
    assert presence(windows, sunday.replace(hour=7), sunday.replace(hour=15), BRUSSELS) == "outside"


def test_one_account_is_one_human() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert human_of(one, "https://login", "aicha") == human_of(other, "https://login", "aicha")
    assert human_of(one, None, None) == one != human_of(other, None, None)
    assert human_of(one, "https://login", "aicha") != human_of(one, "https://login", "noah")


def test_days_in_the_wrong_order_are_refused() -> None:
    check_dates(MONDAY, MONDAY)
    check_dates(MONDAY, None)
    with pytest.raises(DatesAreReversed, match="2026-11-22"):
        check_dates(MONDAY, date(2026, 11, 22))
