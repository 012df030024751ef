"""Weekly windows."""

from __future__ import annotations

from datetime import time

from portal.availability.domain import windows_of, with_window, without_window
from tests.portal import answers


def test_windows_are_shown_in_the_order_of_the_week_and_keep_their_number() -> None:
    late, early = answers.window(weekday=4), answers.window(weekday=0, to_minute=1440)
    shown = windows_of([late, early])
    assert [(one.number, one.a_day.weekday(), one.ends) for one in shown] == [(1, 0, "24:00"), (0, 4, "18:00")]


def test_a_window_is_added_to_each_day_and_ends_with_the_day_at_midnight() -> None:
    windows = with_window([answers.window()], [5, 6], time(20), time(0), "available")
    assert [(one["weekday"], one["from_minute"], one["to_minute"]) for one in windows] == [
        (2, 840, 1080), (5, 1200, 1440), (6, 1200, 1440),
    ]  # fmt: skip


def test_only_the_named_window_is_taken_off() -> None:
    known = [answers.window(weekday=day) for day in range(3)]
    assert [one["weekday"] for one in without_window(known, 1)] == [0, 2]
