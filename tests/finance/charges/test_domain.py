from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.charges.domain import (
    Booking,
    ChargeState,
    CostShare,
    PayerKind,
    PeriodIsEmpty,
    Place,
    SessionFacts,
    ShareRule,
    borne_percent,
    charge_booking,
    check_period,
    local_day,
    settle_session,
    split_income,
)

ORGANISER, CO_HOST, HOME, HOUSEHOLD, PERSON = (UUID(int=number) for number in range(1, 6))
DAY = date(2026, 10, 14)


def booking(version: int = 1, given_back: int | None = None, price: int = 1000) -> Booking:
    return Booking(
        booking_id=UUID(int=10),
        organisation_id=ORGANISER,
        version=version,
        session_id=UUID(int=11),
        activity_id=UUID(int=12),
        title="Cirque",
        starts_at=datetime(2026, 10, 14, 12, tzinfo=UTC),
        payer_kind=PayerKind.household,
        payer_id=HOUSEHOLD,
        currency="EUR",
        places=(Place(PERSON, HOME, price, given_back),),
        cost_shares=(),
    )


def charged(price: int = 1000, percent: int = 0, attended: int | None = None):
    """The charges of one place, and ids for more."""
    rules = [ShareRule(HOME, percent, date(2026, 1, 1), None)]
    facts = SessionFacts(DAY, attended={} if attended is None else {(UUID(int=10), PERSON): attended})
    ids = iter(UUID(int=number) for number in range(100, 200))
    return [movement.after for movement in charge_booking(booking(price=price), [], rules, facts, ids.__next__)]


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-12-31T22:59:00+00:00", None, date(2026, 12, 31)),
        ("2026-12-31T23:00:00+00:00", None, date(2027, 1, 1)),
        ("2026-06-30T22:00:00+00:00", "Europe/Brussels", date(2026, 7, 1)),
        ("2026-06-30T22:00:00+00:00", "Indian/Reunion", date(2026, 7, 1)),
        ("2027-01-01T03:00:00+00:00", "America/Cayenne", date(2027, 1, 1)),
        ("2027-01-01T02:00:00+00:00", "America/Cayenne", date(2026, 12, 31)),
    ],
)
def test_the_day_is_the_organisers(moment, zone, day):
    assert local_day(datetime.fromisoformat(moment), zone) == day


@pytest.mark.parametrize(
    ("shares", "parts"),
    [
        ((), {ORGANISER: 1000}),
        (((ORGANISER, 6000), (CO_HOST, 4000)), {ORGANISER: 600, CO_HOST: 400}),
        (((CO_HOST, 3333),), {ORGANISER: 667, CO_HOST: 333}),
        (((CO_HOST, 2500), (CO_HOST, 2500)), {ORGANISER: 500, CO_HOST: 500}),
        (((CO_HOST, 10_000),), {ORGANISER: 0, CO_HOST: 1000}),
    ],
)
def test_the_organiser_keeps_what_co_hosts_leave(shares, parts):
    assert split_income(1000, ORGANISER, [CostShare(*share) for share in shares]) == parts


@given(amount=st.integers(0, 10**9), points=st.lists(st.integers(0, 3000), max_size=3))
def test_income_is_split_without_loss(amount, points):
    shares = [CostShare(UUID(int=20 + index), point) for index, point in enumerate(points)]
    parts = split_income(amount, ORGANISER, shares)
    assert sum(parts.values()) == amount
    assert all(part >= 0 for part in parts.values())


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), 20),
        (date(2026, 6, 30), 20),
        (date(2026, 7, 1), 50),
        (date(2030, 1, 1), 50),
    ],
)
def test_the_rule_of_the_day_counts(day, percent):
    rules = [
        ShareRule(HOME, 20, date(2026, 1, 1), date(2026, 6, 30)),
        ShareRule(HOME, 50, date(2026, 7, 1), None),
        ShareRule(CO_HOST, 99, date(2020, 1, 1), None),
    ]
    assert borne_percent(rules, HOME, day) == percent


def test_a_period_may_be_one_day_and_not_less():
    check_period(DAY, DAY)
    with pytest.raises(PeriodIsEmpty):
        check_period(DAY, date(2026, 10, 13))


@pytest.mark.parametrize(
    ("percent", "parts"),
    [
        (0, [(PayerKind.household, 999)]),
        (30, [(PayerKind.organisation, 300), (PayerKind.household, 699)]),
        (100, [(PayerKind.organisation, 999)]),
    ],
)
def test_a_place_is_charged_in_parts(percent, parts):
    assert [(charge.payer_kind, charge.charged_minor) for charge in charged(999, percent)] == parts


@given(price=st.integers(0, 10**6), percent=st.integers(0, 100), back=st.integers(0, 2 * 10**6))
def test_no_part_is_given_back_more_than_it_was_charged(price, percent, back):
    charges = charged(price, percent, attended=back)
    assert sum(charge.charged_minor for charge in charges) == price
    assert sum(charge.given_back_minor for charge in charges) == min(price, back)
    assert all(0 <= charge.given_back_minor <= charge.charged_minor for charge in charges)


@pytest.mark.parametrize(
    ("version", "given_back", "state"),
    [
        (2, 0, ChargeState.open),
        (2, 400, ChargeState.reduced),
        (2, 1000, ChargeState.reversed),
        (2, 5000, ChargeState.reversed),
    ],
)
def test_a_cancelled_place_is_owed_less(version, given_back, state):
    movements = charge_booking(booking(version, given_back), charged(), [], SessionFacts(DAY), UUID)
    assert movements[0].after.state == state


def test_an_older_version_of_a_booking_says_nothing_new():
    cancelled = [
        movement.after for movement in charge_booking(booking(2, 400), charged(), [], SessionFacts(DAY), UUID)
    ]  # fmt: skip
    assert charge_booking(booking(1), cancelled, [], SessionFacts(DAY), UUID) == []


def test_a_free_place_is_a_charge_that_its_cancellation_reverses():
    free = charged(price=0)
    assert [(charge.amount_minor, charge.state) for charge in free] == [(0, ChargeState.open)]
    movements = charge_booking(booking(2, 0, price=0), free, [], SessionFacts(DAY), UUID)
    assert movements[0].after.state == ChargeState.reversed


def test_the_odd_cent_goes_to_the_same_part_whichever_event_gives_it_back():
    facts = SessionFacts(DAY, attended={(UUID(int=10), PERSON): 1})
    at_booking = charged(2, percent=50, attended=1)
    by_attendance = [movement.after for movement in settle_session(charged(2, percent=50), facts)]
    for charges in (at_booking, by_attendance):
        assert {charge.payer_kind: charge.given_back_minor for charge in charges} == {
            PayerKind.organisation: 1,
            PayerKind.household: 0,
        }
