"""When a shift beside sessions begins and ends."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rota.domain import moments_of

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [(time(9), time(12), 3), (time(22), time(6), 8), (time(0), time(0), 24)],
)
def test_an_end_that_is_not_after_the_start_is_on_the_next_day(starts: time, ends: time, hours: int) -> None:
    starts_at, ends_at = moments_of(date(2090, 11, 22), starts, ends, BRUSSELS)
    assert starts_at.date() == date(2090, 11, 22)
    assert ends_at - starts_at == timedelta(hours=hours)
    assert starts_at.tzinfo is BRUSSELS
