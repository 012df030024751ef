"""Budgets as bars."""

from __future__ import annotations

from portal.budgets.domain import budget_of, stack_of
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
