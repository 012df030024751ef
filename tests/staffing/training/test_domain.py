"""Until when a paper of a training holds, and who can have been there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from staffing.training.domain import NotEnrolled, check_enrolled, expiry


@pytest.mark.parametrize(
    ("last_day", "months", "expires_on"),
    [
        (date(2026, 3, 15), 24, date(2028, 3, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 15), None, None),
    ],
)
def test_a_paper_holds_for_so_many_months(last_day: date, months: int | None, expires_on: date | None) -> None:
    assert expiry(last_day, months) == expires_on


def test_only_who_enrolled_can_have_been_there() -> None:
    one, other = UUID(int=1), UUID(int=2)
    check_enrolled([one], [one, other])
    with pytest.raises(NotEnrolled):
        check_enrolled([one, other], [one])
