"""What is given back, in cents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.cancellations.domain import given_back, hours_before
from activities.programmes.domain import CancellationTerms, RefundStep

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
TERMS = CancellationTerms((RefundStep(48, 100), RefundStep(24, 50), RefundStep(2, 33)), excused_percent=0)


@pytest.mark.parametrize(
    ("price", "hours", "back"),
    [
        (1_000, 49, 1_000),
        (1_000, 48, 1_000),
        (1_000, 47.999, 500),
        (999, 24, 500),
        (1, 24, 1),
        (1_000, 2, 330),
        (5, 2, 2),
        (1_000, 1.9, 0),
        (1_000, 0, 0),
        (1_000, -1, 0),
        (0, 100, 0),
    ],
)
def test_what_is_given_back_follows_the_terms(price: int, hours: float, back: int) -> None:
    assert given_back(price, TERMS, NOW + timedelta(hours=hours), NOW) == back


@given(
    st.integers(0, 100_000_000),
    st.lists(st.builds(RefundStep, st.integers(0, 500), st.integers(0, 100)), max_size=10),
    st.integers(-1_000, 1_000),
    st.integers(0, 1_000),
)
def test_never_more_than_the_price_and_never_less_for_who_is_earlier(
    price: int, steps: list[RefundStep], hours: int, earlier: int
) -> None:
    terms = CancellationTerms(tuple(steps), 0)
    late = given_back(price, terms, NOW + timedelta(hours=hours), NOW)
    early = given_back(price, terms, NOW + timedelta(hours=hours + earlier), NOW)
    assert 0 <= late <= early <= price
    percent = terms.percent_at(hours)
    assert abs(late - price * percent / 100) <= 0.5


def test_hours_before_the_start() -> None:
    assert hours_before(NOW + timedelta(minutes=90), NOW) == 1.5
    assert hours_before(NOW - timedelta(minutes=90), NOW) == -1.5
