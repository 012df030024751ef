"""Budgets as bars."""

from __future__ import annotations

from portal.budgets.domain import budget_of, fields_of, places_for_lines, spendings_of, stack_of
from tests.portal import answers


def test_what_is_earned_stands_before_what_is_promised() -> None:
    stack = stack_of(10_000, {"earned": 2_500, "promised": 5_000})
    assert stack.starts == [("earned", 0.0, 25.0), ("promised", 25.0, 50.0)]
    assert stack.planned == 100


def test_a_bar_that_is_longer_than_the_plan_shows_where_the_plan_ends() -> None:
    stack = stack_of(5_000, {"spent": 10_000})
    assert (stack.starts, stack.planned) == ([("spent", 0.0, 100.0)], 50.0)


def test_nothing_planned_and_nothing_reached_is_an_empty_bar() -> None:
    stack = stack_of(0, {"spent": 0})
    assert (stack.starts, stack.planned) == ([("spent", 0.0, 0.0)], 0.0)


def test_the_income_of_a_budget_is_both() -> None:
    budget = budget_of(answers.budget(promised_minor=600, earned_minor=600))
    assert [name for name, _ in budget.income_stack.parts] == ["earned", "promised"]
    assert budget.income_stack.starts[1] == ("promised", 25.0, 25.0)


def test_the_form_shows_the_plan_and_has_room_for_more() -> None:
    fields = fields_of(budget_of(answers.budget()))
    assert (fields["label-0"], fields["amount-0"], fields["version"]) == ("Participation", "24.00", "1")
    assert len(places_for_lines(fields)) == 4
    assert len(places_for_lines({"label-7": "Balles", "label-x": "?", "label-9": ""})) == 10
    assert len(places_for_lines({"label-99": "Balles"})) == 100


def test_what_was_spent_last_comes_first() -> None:
    earlier = answers.spending(id=answers.LINA, spent_on="2026-01-19", reversal_entry_id=answers.LINA)
    found = spendings_of([earlier, answers.spending()])
    assert [(one.label, one.spent_on.day, one.is_taken_back) for one in found] == [
        ("Balles", 20, False), ("Balles", 19, True),
    ]  # fmt: skip
