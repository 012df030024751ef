"""Who may have a place, who pays, who waits."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.bookings.domain import (
    Crowd,
    Debtor,
    Guest,
    NamedTwice,
    NotEligible,
    Offer,
    SessionFull,
    SeveralHouseholds,
    UnknownParticipants,
    UnknownPriceCategory,
    Wish,
    check_age,
    check_may_wait,
    concerned_associations,
    debtor_of,
    is_served_now,
    price_places,
    waiting_explanation,
)

HOME, ELSEWHERE, HOUSEHOLD = uuid4(), uuid4(), uuid4()
OFFER = Offer(date(2026, 11, 4), age_from=6, age_to=12, prices={"standard": 500, "reduced": 250})


def guest(born_on: date | None = date(2017, 5, 1), home: UUID = HOME, household: UUID | None = HOUSEHOLD) -> Guest:
    return Guest(uuid4(), home, household, born_on, contact_id=None)


@pytest.mark.parametrize(
    ("age", "fits"), [(None, True), (5, False), (6, True), (12, True), (13, False), (0, False), (99, False)]
)
def test_age_limits_include_both_ends_and_an_unknown_age_is_for_the_staff(age: int | None, fits: bool) -> None:
    with nullcontext() if fits else pytest.raises(NotEligible):
        check_age(OFFER, age)


def test_the_age_is_that_of_the_day_and_the_price_is_frozen() -> None:
    child, adult = guest(date(2014, 11, 4)), guest(None)
    wishes = [Wish(child.participant_id, "reduced"), Wish(adult.participant_id, "standard")]
    places = price_places(OFFER, wishes, {one.participant_id: one for one in (child, adult)})
    assert [(place.age, place.price_minor) for place in places] == [(12, 250), (None, 500)]


def test_a_wish_must_be_clear() -> None:
    child = guest()
    known = {child.participant_id: child}
    with pytest.raises(NamedTwice):
        price_places(OFFER, [Wish(child.participant_id, "standard")] * 2, known)
    with pytest.raises(UnknownPriceCategory, match="reduced, standard"):
        price_places(OFFER, [Wish(child.participant_id, "gold")], known)
    stranger = uuid4()
    with pytest.raises(UnknownParticipants, match=str(stranger)):
        price_places(OFFER, [Wish(child.participant_id, "standard"), Wish(stranger, "standard")], known)


@pytest.mark.parametrize(
    ("guests", "booked_by", "debtor"),
    [
        ([guest(), guest()], None, Debtor("household", HOUSEHOLD)),
        ([guest(household=None)], None, Debtor("organisation", HOME)),
        ([guest(household=None), guest(household=None)], None, Debtor("organisation", HOME)),
        ([guest(), guest(household=None)], HOME, Debtor("organisation", HOME)),
        ([guest(), guest(household=uuid4())], None, None),
        ([guest(), guest(household=None)], None, None),
        ([guest(household=None), guest(household=None, home=ELSEWHERE)], None, None),
    ],
)
def test_who_owes_the_price(guests: list[Guest], booked_by: UUID | None, debtor: Debtor | None) -> None:
    with nullcontext() if debtor else pytest.raises(SeveralHouseholds):
        assert debtor_of(guests, booked_by) == debtor


@pytest.mark.parametrize(
    ("crowd", "wanted", "walked_in", "served"),
    [
        (Crowd(10, 9, 0), 1, False, True),
        (Crowd(10, 10, 0), 1, False, False),
        (Crowd(10, 9, 0), 2, False, False),
        (Crowd(10, 5, 1), 1, False, False),
        (Crowd(10, 5, 1), 1, True, True),
        (Crowd(10, 10, 0), 1, True, False),
    ],
)
def test_nobody_is_served_before_those_who_wait(crowd: Crowd, wanted: int, walked_in: bool, served: bool) -> None:
    assert is_served_now(crowd, wanted, walked_in) is served


def test_waiting_must_be_wanted_and_may_not_be_in_vain() -> None:
    check_may_wait(Crowd(10, 10, 3), 2, accepts_waiting=True)
    with pytest.raises(SessionFull, match="0 of 10 places are free, and 3 bookings wait"):
        check_may_wait(Crowd(10, 10, 3), 2, accepts_waiting=False)
    with pytest.raises(SessionFull, match="10 places in all"):
        check_may_wait(Crowd(10, 0, 0), 11, accepts_waiting=True)


def test_the_reason_for_waiting_is_told() -> None:
    full = {"rule": "too_few_places_free", "free": 1, "wanted": 2, "position": 4}
    assert waiting_explanation(Crowd(10, 9, 3), 2) == full
    queue = {"rule": "others_wait_already", "free": 1, "wanted": 1, "position": 4}
    assert waiting_explanation(Crowd(10, 9, 3), 1) == queue


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 20), st.integers(1, 50))
def test_a_booking_is_served_or_waits_or_is_refused(capacity: int, taken: int, waiting: int, wanted: int) -> None:
    crowd = Crowd(capacity, min(taken, capacity), waiting)
    if is_served_now(crowd, wanted, walked_in=False):
        assert crowd.taken + wanted <= capacity
        assert waiting == 0
    elif wanted <= capacity:
        check_may_wait(crowd, wanted, accepts_waiting=True)
        assert waiting_explanation(crowd, wanted)["position"] == waiting + 1


def test_the_staff_of_whoever_booked_may_change_a_booking() -> None:
    organiser = uuid4()
    assert concerned_associations(organiser, None, [HOME]) == {organiser, HOME}
    assert concerned_associations(organiser, ELSEWHERE, [HOME]) == {organiser, ELSEWHERE}
    assert concerned_associations(organiser, None, []) == {organiser}
