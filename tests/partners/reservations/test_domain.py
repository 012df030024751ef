"""Who gets it, what it costs, and what else could be had."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.ids import new_id
from partners.reservations.domain import (
    Busy,
    Demand,
    Offering,
    PeriodImpossible,
    RefusalReason,
    ReservationState,
    check_period,
    first_state,
    judge,
    other_hours,
    price_of,
    with_own_time,
)
from partners.resources.domain import Approval, OpenHours

OWNER, LODGER, BUS = new_id(), new_id(), new_id()
NOW = datetime(2026, 10, 1, tzinfo=UTC)


FEW = RefusalReason.too_few_left


def at(hour: float) -> datetime:
    return datetime(2026, 10, 14, tzinfo=UTC) + timedelta(hours=hour)


def offering(**changes: Any) -> Offering:
    fields: dict[str, Any] = {
        "resource_id": BUS, "owner_id": OWNER, "name": "Minibus", "quantity": 1, "zone": "Europe/Brussels",
        "open_hours": (), "set_up": timedelta(0), "clean_up": timedelta(0), "papers": (), "quota_hours": None,
        "quota_period": None, "price_per_hour_minor": 1_000, "currency": "EUR", "approval": Approval.automatic,
        "has_ended": False,
    }  # fmt: skip
    return Offering(**{**fields, **changes})


def demand(begins: float = 10, ends: float = 12, quantity: int = 1, by: Any = LODGER) -> Demand:
    return Demand(by, BUS, OWNER, quantity, at(begins), at(ends))


def reserved(begins: float, ends: float, quantity: int = 1, kind: str = "reserved") -> Busy:
    return Busy(kind, at(begins), at(ends), quantity)


@pytest.mark.parametrize(
    ("what", "wanted", "busy", "used", "expected"),
    [
        (offering(), demand(), [], 0, None),
        (offering(), demand(), [reserved(8, 10), reserved(12, 14)], 0, None),
        (offering(), demand(), [reserved(11.99, 14)], 0, RefusalReason.taken),
        (offering(quantity=3), demand(quantity=2), [reserved(8, 11), reserved(11, 14)], 0, None),
        (
            offering(quantity=3),
            demand(quantity=2),
            [reserved(8, 11.5), reserved(11, 14)],
            0,
            RefusalReason.too_few_left,
        ),
        (offering(), demand(quantity=2), [], 0, RefusalReason.too_few_left),
        (offering(has_ended=True), demand(), [], 0, RefusalReason.out_of_service),
        (offering(open_hours=[OpenHours(2, 600, 1200)]), demand(6, 7), [], 0, RefusalReason.closed),
        (offering(), demand(), [reserved(11, 13, 0, "maintenance")], 0, RefusalReason.under_maintenance),
        (offering(), demand(), [reserved(11, 13, 0, "blocked")], 0, RefusalReason.blocked_by_owner),
        (offering(), demand(by=OWNER), [reserved(11, 13, 0, "blocked")], 0, None),
        (offering(quota_hours=4), demand(), [], 2, None),
        (offering(quota_hours=4), demand(), [], 2.1, RefusalReason.quota_used_up),
        (offering(quota_hours=4), demand(by=OWNER), [], 40, None),
    ],
)
def test_judgement(
    what: Offering, wanted: Demand, busy: list[Busy], used: float, expected: RefusalReason | None
) -> None:
    refusal = judge(what, wanted, busy, used)
    assert (refusal.reason if refusal else None) is expected
    assert refusal is None or refusal.explanation


def test_explanations_are_on_the_clock_of_the_place() -> None:
    refusal = judge(offering(), demand(), [reserved(11, 13)], 0)
    assert refusal is not None
    assert refusal.explanation == "Reserved from 2026-10-14 13:00 to 2026-10-14 15:00."


@pytest.mark.parametrize(
    ("per_hour", "wanted", "expected"),
    [
        (1_200, demand(10, 12), 2_400),
        (1_200, demand(10, 12, quantity=3), 7_200),
        (999, demand(10, 10.5), 500),
        (1_200, demand(10, 12, by=OWNER), 0),
    ],
)
def test_price_is_for_all_the_time_and_pieces(per_hour: int, wanted: Demand, expected: int) -> None:
    assert price_of(offering(price_per_hour_minor=per_hour), wanted) == expected


def test_the_resources_own_time_is_added() -> None:
    whole = with_own_time(offering(set_up=timedelta(minutes=15), clean_up=timedelta(minutes=30)), demand())
    assert (whole.starts_at, whole.ends_at) == (at(9.75), at(12.5))


@pytest.mark.parametrize(
    ("approval", "by", "for_a_hold", "expected"),
    [
        (Approval.automatic, LODGER, True, ReservationState.held),
        (Approval.automatic, LODGER, False, ReservationState.confirmed),
        (Approval.owner, LODGER, True, ReservationState.asked),
        (Approval.owner, LODGER, False, ReservationState.asked),
        (Approval.owner, OWNER, True, ReservationState.held),
    ],
)
def test_how_a_reservation_begins(approval: Approval, by: Any, for_a_hold: bool, expected: ReservationState) -> None:
    assert first_state(offering(approval=approval), demand(by=by), for_a_hold=for_a_hold) is expected


BUSY = st.lists(st.tuples(st.integers(-20, 40), st.integers(1, 6)), min_size=1, max_size=8)


@given(BUSY)
def test_every_hour_that_is_offered_is_free_and_near(drawn: list[tuple[int, int]]) -> None:
    busy = [reserved(start, start + length) for start, length in drawn]
    wanted = demand()
    for one in other_hours(offering(), wanted, busy, 0, NOW):
        assert judge(offering(), one, busy, 0) is None
        assert one.ends_at - one.starts_at == wanted.ends_at - wanted.starts_at
        assert abs(one.starts_at - wanted.starts_at) <= timedelta(days=1)


def test_the_nearest_hours_come_first_and_none_in_the_past() -> None:
    busy = [reserved(9, 13)]
    assert [one.starts_at for one in other_hours(offering(), demand(), busy, 0, NOW)] == [at(7), at(13)]
    assert [one.starts_at for one in other_hours(offering(), demand(), busy, 0, at(8))] == [at(13), at(34)]


@pytest.mark.parametrize(("begins", "ends"), [(12, 12), (12, 10), (-400, -399), (0, 24 * 61)])
def test_impossible_times_are_refused(begins: float, ends: float) -> None:
    with pytest.raises(PeriodImpossible):
        check_period(at(begins), at(ends), NOW)
    check_period(at(10), at(12), replace(demand()).starts_at)
