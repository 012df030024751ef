"""Who is asked to step in, in which order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from staffing.hours.domain import Effect, Finding, Span
from staffing.people.domain import PersonKind
from staffing.shifts.domain import Candidate, Duty, ShiftRole
from staffing.substitutes.domain import (
    Exchange,
    HourCost,
    choose_substitutes,
    extra_cost_minor,
    possible_exchanges,
)

DUTY = Span(datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC))
WARNING = Finding("outside_windows", Effect.warn, "Is usually available at other times.")
BLOCK = Finding("leave", Effect.block, "Is away.")


def somebody(number: int, duties: int = 0) -> Candidate:
    return Candidate(
        UUID(int=number), f"Person {number}", PersonKind.volunteer, date(2025, 1, 1), None, busy=(DUTY,) * duties
    )


def test_the_freest_are_asked_first_and_never_who_may_not_or_is_absent() -> None:
    judged = [
        (somebody(1, 2), []),
        (somebody(2), [WARNING]),
        (somebody(3), [BLOCK]),
        (somebody(4), []),
        (somebody(5), []),
    ]
    asked = choose_substitutes(judged, without=UUID(int=5))
    assert [one.person_id.int for one in asked] == [4, 1, 2]
    assert asked[-1].findings == (WARNING,)


def test_not_more_than_a_few_are_asked() -> None:
    judged = [(somebody(number), []) for number in range(20)]
    assert [one.person_id.int for one in choose_substitutes(judged, UUID(int=0), asked_max=3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("absent", "substitute", "minutes", "extra"),
    [
        (HourCost(None, "EUR"), HourCost(2_400, "EUR"), 210, 8_400),
        (HourCost(2_000, "EUR"), HourCost(2_400, "EUR"), 90, 600),
        (HourCost(2_400, "EUR"), HourCost(2_000, "EUR"), 90, 0),
        (HourCost(2_400, "EUR"), HourCost(None, "EUR"), 90, 0),
        (HourCost(2_000, "CHF"), HourCost(2_400, "EUR"), 60, 2_400),
        (HourCost(None, "EUR"), HourCost(1, "EUR"), 30, 1),
        (HourCost(None, "EUR"), HourCost(1, "EUR"), 29, 0),
    ],
)
def test_the_extra_cost_is_the_difference_for_the_whole_shift(
    absent: HourCost, substitute: HourCost, minutes: int, extra: int
) -> None:
    assert extra_cost_minor(absent, substitute, timedelta(minutes=minutes)) == extra


def side(number: int, in_hours: float) -> Exchange:
    """A duty of an hour that somebody has, so many hours after the first."""
    span = Span(*(moment + timedelta(hours=in_hours) for moment in (DUTY.starts_at, DUTY.ends_at)))
    duty = Duty(UUID(int=100 + number), ShiftRole.helper, frozenset(), span, ZoneInfo("Europe/Brussels"))
    return Exchange(UUID(int=100 + number), UUID(int=number), duty)


def on(*sides: Exchange) -> Candidate:
    """Who has these duties."""
    number = sides[0].person_id.int
    spans = tuple(one.duty.span for one in sides)
    return Candidate(UUID(int=number), f"Person {number}", PersonKind.volunteer, date(2025, 1, 1), None, busy=spans)


def test_a_duty_is_exchanged_by_two_who_are_free_once_they_have_given_their_own() -> None:
    own, later, overlapping, busy = side(1, 0), side(2, 3), side(3, 0.5), side(4, 5)
    others = (busy, later, overlapping)
    people = {one.person_id.int: on(one) for one in (own, *others)}
    people[4] = on(busy, side(4, 0))
    known = {UUID(int=number): person for number, person in people.items()}
    found = possible_exchanges(own, others, known, [])
    assert [one.person_id.int for one in found] == [3, 2], "the earliest first; who is busy meanwhile is left out"
    assert possible_exchanges(own, others, {}, []) == []
