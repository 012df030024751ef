"""How well a shift is covered."""

from __future__ import annotations

from typing import Any

import pytest

from portal.shifts.domain import days_of_shifts, shift_of
from tests.portal import answers


@pytest.mark.parametrize(
    ("people", "coverage", "missing"), [(0, "none", 2), (1, "short", 1), (2, "ok", 0), (3, "over", 0)]
)
def test_coverage_is_one_word(people: int, coverage: str, missing: int) -> None:
    shift = shift_of(answers.shift(assignments=[answers.assignment()] * people))
    assert (shift.coverage, shift.missing) == (coverage, missing)


def test_who_was_released_is_not_on_it() -> None:
    assert shift_of(answers.shift(assignments=[answers.assignment(state="released")])).coverage == "none"


def test_shifts_stand_on_the_clock_of_their_place_by_day() -> None:
    def at(starts_at: str, **changes: Any) -> Any:
        return shift_of(answers.shift(starts_at=starts_at, **changes))

    days = days_of_shifts([
        at("2090-11-22T23:30:00Z"), at("2090-11-22T08:00:00Z"), at("2090-11-22T09:00:00Z", state="cancelled"),
    ])  # fmt: skip
    assert [(day.on.day, [shift.starts_at.hour for shift in day.shifts]) for day in days] == [(22, [9]), (23, [0])]
