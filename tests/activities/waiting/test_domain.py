"""Who is offered a place that became free, by each stated rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.programmes.domain import WaitingRule
from activities.waiting.domain import NoOffer, OfferExpired, Waiting, check_offer, choose_offers, offer_expires_at

ARRIVAL, OWN_FIRST, IF_IT_FITS = WaitingRule
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


def queue(*sizes: int, own: str = "") -> list[Waiting]:
    """Bookings in the order of arrival; `own` has a `+` for those who are at home with the organiser."""
    return [Waiting(UUID(int=number), size, own[number : number + 1] == "+") for number, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("rule", "waiting", "free", "chosen"),
    [
        (ARRIVAL, queue(), 3, []),
        (ARRIVAL, queue(1, 1, 1), 2, [0, 1]),
        (ARRIVAL, queue(1, 1), 0, []),
        (ARRIVAL, queue(4, 1), 3, []),
        (ARRIVAL, queue(2, 4, 1), 3, [0]),
        (ARRIVAL, queue(11, 1), 3, [1]),
        (IF_IT_FITS, queue(4, 1, 2), 3, [1, 2]),
        (IF_IT_FITS, queue(2, 2, 1), 3, [0, 2]),
        (OWN_FIRST, queue(1, 1, 1, own="--+"), 2, [2, 0]),
        (OWN_FIRST, queue(1, 4, own="-+"), 3, []),
        (OWN_FIRST, queue(1, 1, own="--"), 1, [0]),
    ],
)
def test_offers_follow_the_rule(rule: WaitingRule, waiting: list[Waiting], free: int, chosen: list[int]) -> None:
    offered = choose_offers(waiting, 10, free, rule)
    assert [item.booking_id.int for item in offered] == chosen


@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=12),
    st.integers(0, 10),
    st.sampled_from(list(WaitingRule)),
)
def test_offers_never_exceed_what_is_free_and_leave_no_head_that_fits(
    wishes: list[tuple[int, bool]], free: int, rule: WaitingRule
) -> None:
    waiting = [Waiting(UUID(int=number), size, own) for number, (size, own) in enumerate(wishes)]
    chosen = choose_offers(waiting, 10, free, rule)
    assert sum(item.places for item in chosen) <= free
    assert len({item.booking_id for item in chosen}) == len(chosen)
    left = free - sum(item.places for item in chosen)
    ordered = sorted(waiting, key=lambda item: not item.own) if rule is OWN_FIRST else waiting
    passed_over = [item for item in ordered if item not in chosen and item.places <= 10]
    if passed_over:
        assert passed_over[0].places > left
    if rule is IF_IT_FITS:
        assert all(item.places > left for item in passed_over)
    else:
        assert chosen == [item for item in ordered if item.places <= 10][: len(chosen)]


def test_an_offer_is_open_for_its_hours_but_never_into_the_session() -> None:
    assert offer_expires_at(NOW, 48, NOW + timedelta(days=5)) == NOW + timedelta(hours=48)
    assert offer_expires_at(NOW, 48, NOW + timedelta(hours=3)) == NOW + timedelta(hours=3)


def test_an_offer_is_taken_in_time() -> None:
    check_offer(NOW + timedelta(seconds=1), NOW)
    with pytest.raises(OfferExpired):
        check_offer(NOW, NOW)
    with pytest.raises(NoOffer):
        check_offer(None, NOW)
