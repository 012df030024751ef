"""Series as rules of RFC 5545."""

from __future__ import annotations

from datetime import date, time

import pytest

from portal.scheduling.domain import When, left_out, possible_days_of

WEDNESDAY = date(2090, 11, 22)
UNTIL = date(2091, 6, 30)


def when(repeat: str, *weekdays: str, on: date = WEDNESDAY, until: date | None = UNTIL) -> When:
    return When(on, time(14), time(16), repeat, weekdays, until)


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        (when("once"), "FREQ=DAILY;COUNT=1"),
        (when("weekly", until=None), "FREQ=DAILY;COUNT=1"),
        (when("daily"), "FREQ=DAILY;UNTIL=20910630"),
        (when("weekly"), "FREQ=WEEKLY;BYDAY=WE;UNTIL=20910630"),
        (when("weekly", "FR", "MO"), "FREQ=WEEKLY;BYDAY=MO,FR;UNTIL=20910630"),
        (when("fortnightly"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;UNTIL=20910630"),
        (when("monthly"), "FREQ=MONTHLY;BYDAY=4WE;UNTIL=20910630"),
        (when("monthly", on=date(2090, 11, 29)), "FREQ=MONTHLY;BYDAY=-1WE;UNTIL=20910630"),
    ],
)
def test_what_people_choose_is_a_rule(plan: When, rule: str) -> None:
    assert plan.rule == rule


def test_an_end_before_the_start_is_on_the_next_day() -> None:
    assert When(WEDNESDAY, time(20), time(1), "once", (), None).minutes == 300


def test_dates_that_nobody_ticked_are_left_out() -> None:
    day = {"starts_at": "2090-11-22T13:00:00Z", "ends_at": "2090-11-22T15:00:00Z", "holiday": None}
    answer = {"time_zone": "Europe/Brussels", "days": [{**day, "on": "2090-11-22"}, {**day, "on": "2090-11-29"}]}
    days = possible_days_of(answer)
    assert days[0].starts_at.hour == 14
    assert left_out(days, ["2090-11-29", "1999-01-01"]) == ["2090-11-22"]
