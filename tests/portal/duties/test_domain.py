"""Weeks by person."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.duties.domain import change_of, rows_of
from portal.people.domain import Leave, Person, leave_of, person_of
from portal.shifts.domain import Shift, shift_of
from tests.portal import answers

MONDAY = date(2090, 11, 20)


def a_shift(**changes: Any) -> Shift:
    """On the Wednesday of the week, for two, with Noah on it."""
    return shift_of(answers.shift(**changes))


def noah(**changes: Any) -> Person:
    return person_of(answers.person(**changes))


def away(first: str, last: str) -> Leave:
    return leave_of(answers.leave(state="approved", starts_on=first, ends_on=last))


def test_free_places_come_first_then_everybody_who_works_there_by_name() -> None:
    anna = noah(id=answers.LINA, display_name="anna")
    rows = rows_of(MONDAY, [a_shift()], [noah(), anna], [])
    assert [(row.person_id, row.name) for row in rows] == [(None, ""), (answers.LINA, "anna"), (answers.YANIS, "Noah")]
    nobody, _, has_it = ([duty.places for duty in row.days[2].duties] for row in rows)
    assert (nobody, has_it) == ([1], [1])
    assert [row.minutes for row in rows] == [0, 0, 120]


def test_who_has_left_is_shown_as_long_as_he_is_on_something() -> None:
    left = noah(ended_on="2090-11-01")
    assert [row.person_id for row in rows_of(MONDAY, [], [left], [])] == []
    assert [row.person_id for row in rows_of(MONDAY, [a_shift(places=1)], [left], [])] == [answers.YANIS]


def test_who_is_lent_by_others_comes_last_without_a_name() -> None:
    lent = [answers.assignment(person_id=answers.HOUSEHOLD)]
    rows = rows_of(MONDAY, [a_shift(places=1, assignments=lent)], [noah()], [])
    assert [(row.person_id, row.name) for row in rows] == [(answers.YANIS, "Noah"), (answers.HOUSEHOLD, "")]


def test_the_night_of_the_clock_change_is_counted_as_it_is_worked() -> None:
    night = {"starts_at": "2026-10-24T20:00:00Z", "ends_at": "2026-10-25T06:00:00Z"}
    shift = a_shift(**night, places=1, assignments=[answers.assignment(**night)])
    assert [row.minutes for row in rows_of(date(2026, 10, 19), [shift], [noah()], [])] == [600]


def test_days_away_are_marked() -> None:
    (row,) = rows_of(MONDAY, [], [noah()], [away("2090-11-15", "2090-11-21")])
    assert [day.is_away for day in row.days] == [True, True, False, False, False, False, False]


def test_shifts_of_other_weeks_and_those_called_off_are_left_out() -> None:
    rows = rows_of(date(2090, 11, 27), [a_shift()], [noah()], [])
    assert [len(day.duties) for row in rows for day in row.days] == [0] * 7
    assert [row.person_id for row in rows_of(MONDAY, [a_shift(state="cancelled")], [noah()], [])] == [answers.YANIS]


def test_a_change_is_offered_to_undo_only_while_it_stands() -> None:
    asked = {"shift": answers.SHIFT, "now": answers.YANIS, "before": answers.LINA}
    change = change_of(asked, [a_shift()])
    assert change is not None
    assert (change.assignment_id, change.before_id) == (answers.BOOKING, answers.LINA)
    assert change_of(asked, [a_shift(assignments=[])]) is None
    assert change_of(asked, []) is None
    taken_off = change_of({"shift": answers.SHIFT, "now": "", "before": answers.LINA}, [a_shift()])
    assert taken_off is not None
    assert taken_off.assignment_id is None
