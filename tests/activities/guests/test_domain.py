"""For how long places are held for guests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from activities.guests.domain import (
    GuestPlace,
    HoldGivenBack,
    HoldState,
    UnknownPriceForGuest,
    check_held,
    hold_expires_at,
    price_guests,
)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(("starts_in", "minutes"), [(timedelta(days=3), 30), (timedelta(minutes=10), 10)])
def test_places_are_held_for_half_an_hour_but_never_into_the_session(starts_in: timedelta, minutes: int) -> None:
    assert hold_expires_at(NOON, NOON + starts_in) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("state", "expires_in", "is_kept"),
    [
        (HoldState.held, 1, True),
        (HoldState.held, 0, False),
        (HoldState.asked, 1, True),
        (HoldState.asked, 0, False),
        (HoldState.confirmed, -60, True),
        (HoldState.given_back, 60, False),
    ],
)
def test_who_comes_too_late_has_no_places(state: HoldState, expires_in: int, is_kept: bool) -> None:
    expires_at = NOON + timedelta(seconds=expires_in)
    if is_kept:
        check_held(state, expires_at, NOON)
    else:
        with pytest.raises(HoldGivenBack):
            check_held(state, expires_at, NOON)


def test_every_guest_has_the_price_of_a_category_that_exists() -> None:
    prices = {"standard": 1200, "senior": 800}
    assert price_guests([("Ada", "Byron", "senior")], prices) == [GuestPlace("Ada", "Byron", "senior", 800)]
    with pytest.raises(UnknownPriceForGuest):
        price_guests([("Ada", "Byron", "child")], prices)
