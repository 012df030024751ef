"""Until when notice is in time, and when one is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from partners.leases.domain import LeaseTerms, RentPeriod, Side, UnfitLease, check_lease, notice_alarm_at, notice_by


@pytest.mark.parametrize(
    ("ends_on", "months", "expected"),
    [
        (date(2027, 6, 30), 3, date(2027, 3, 30)),
        (date(2027, 6, 30), 0, date(2027, 6, 30)),
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2027, 1, 15), 6, date(2026, 7, 15)),
    ],
)
def test_notice_is_in_time_so_many_months_before_the_end(ends_on: date, months: int, expected: date) -> None:
    assert notice_by(ends_on, months) == expected


def test_the_alarm_is_in_the_morning_of_the_site() -> None:
    assert notice_alarm_at(date(2027, 3, 30), "Europe/Brussels") == datetime(2027, 2, 28, 7, tzinfo=UTC)
    assert notice_alarm_at(date(2027, 7, 30), "Europe/Brussels") == datetime(2027, 6, 30, 6, tzinfo=UTC), "in summer"


def test_a_lease_does_not_end_before_it_starts() -> None:
    terms = {"side": Side.tenant, "other_side": "Commune", "reference": "", "notice_months": 3, "rent_minor": 0}
    money = {"rent_period": RentPeriod.month, "deposit_minor": 0}
    check_lease(LeaseTerms(**terms, **money, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1)))  # type: ignore[arg-type]
    with pytest.raises(UnfitLease, match="ends before it starts"):
        check_lease(LeaseTerms(**terms, **money, starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1)))  # type: ignore[arg-type]
