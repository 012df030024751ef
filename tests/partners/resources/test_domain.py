"""Opening hours, papers, quota periods and stocks, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.resources.domain import (
    ClosesTooEarly,
    OpenHours,
    Paper,
    PaperKind,
    QuotaIncomplete,
    QuotaPeriod,
    check_open_hours,
    check_quota,
    expired_papers,
    is_open,
    peak_quantity,
    quota_bounds,
)

BRUSSELS = "Europe/Brussels"
WEEKDAYS = tuple(OpenHours(day, 8 * 60, 22 * 60) for day in range(5))
ROUND_THE_CLOCK = tuple(OpenHours(day, 0, 24 * 60) for day in range(7))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "starts_at", "ends_at", "expected"),
    [
        ((), "2026-10-14T01:00", "2026-10-16T01:00", True),
        (WEEKDAYS, "2026-10-14T06:00", "2026-10-14T20:00", True),
        (WEEKDAYS, "2026-10-14T05:59", "2026-10-14T20:00", False),
        (WEEKDAYS, "2026-10-14T06:00", "2026-10-14T20:01", False),
        (WEEKDAYS, "2026-10-17T10:00", "2026-10-17T12:00", False),
        (WEEKDAYS, "2026-10-14T18:00", "2026-10-15T08:00", False),
        (ROUND_THE_CLOCK, "2026-10-14T18:00", "2026-10-17T08:00", True),
        (WEEKDAYS, "2026-12-16T07:00", "2026-12-16T21:00", True),
        (WEEKDAYS, "2026-12-16T06:00", "2026-12-16T21:00", False),
        ((OpenHours(2, 480, 720), OpenHours(2, 840, 1080)), "2026-10-14T09:00", "2026-10-14T13:00", False),
    ],
)
def test_open_all_the_time_on_its_own_clock(
    hours: tuple[OpenHours, ...], starts_at: str, ends_at: str, expected: bool
) -> None:
    assert is_open(hours, BRUSSELS, moment(starts_at), moment(ends_at)) is expected


def test_the_newest_paper_of_a_kind_counts() -> None:
    old, new = Paper(PaperKind.fire_inspection, date(2026, 1, 1)), Paper(PaperKind.fire_inspection, date(2027, 1, 1))
    insurance = Paper(PaperKind.insurance, date(2026, 6, 30))
    assert expired_papers([old, new, insurance], date(2026, 6, 30)) == []
    assert expired_papers([new, old, insurance], date(2026, 7, 1)) == [PaperKind.insurance]
    assert expired_papers([old, new, insurance], date(2027, 1, 2)) == [PaperKind.fire_inspection, PaperKind.insurance]
    assert expired_papers([], date(2027, 1, 2)) == []


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (QuotaPeriod.week, "2026-10-25T22:00", "2026-11-01T23:00"),
        (QuotaPeriod.month, "2026-09-30T22:00", "2026-10-31T23:00"),
        (QuotaPeriod.year, "2025-12-31T23:00", "2026-12-31T23:00"),
    ],
)
def test_quota_periods_follow_the_calendar_of_the_place(period: QuotaPeriod, first: str, after: str) -> None:
    at = moment("2026-10-31T22:30") if period is not QuotaPeriod.week else moment("2026-10-26T22:30")
    bounds = quota_bounds(period, BRUSSELS, at)
    expected = (moment(first), moment(after))
    if period is QuotaPeriod.week:
        expected = (moment("2026-10-25T23:00"), moment("2026-11-01T23:00"))
    assert bounds == expected


def test_hours_and_quotas_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ClosesTooEarly):
        check_open_hours([OpenHours(0, 600, 600)])
    with pytest.raises(QuotaIncomplete):
        check_quota(4, None)
    check_quota(None, None)
    check_quota(4, QuotaPeriod.week)


HOURS = st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 4))
MIDNIGHT = datetime(2026, 10, 14, tzinfo=UTC)


@given(st.lists(HOURS, max_size=12))
def test_the_peak_is_what_counting_every_moment_gives(drawn: list[tuple[int, int, int]]) -> None:
    periods = [
        (MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=start + length), quantity)
        for start, length, quantity in drawn
    ]
    counted = [
        sum(quantity for starts, ends, quantity in periods if starts <= MIDNIGHT + timedelta(hours=hour) < ends)
        for hour in range(30)
    ]
    assert peak_quantity(periods) == max(counted)


def test_back_to_back_needs_one_piece_only() -> None:
    starts = [MIDNIGHT + timedelta(hours=hour) for hour in range(5)]
    assert peak_quantity([(first, second, 1) for first, second in pairwise(starts)]) == 1
