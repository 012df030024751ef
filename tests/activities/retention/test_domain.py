"""From which day on somebody is near enough to be kept."""

from __future__ import annotations

from datetime import date

import pytest

from activities.retention.domain import kept_since


@pytest.mark.parametrize(
    ("today", "years", "since"),
    [
        (date(2026, 11, 23), 1, date(2025, 1, 1)),
        (date(2026, 1, 1), 1, date(2025, 1, 1)),
        (date(2025, 12, 31), 1, date(2024, 1, 1)),
        (date(2026, 2, 28), 0, date(2026, 1, 1)),
    ],
)
def test_the_period_is_counted_in_calendar_years(today: date, years: int, since: date) -> None:
    assert kept_since(today, years) == since
