from __future__ import annotations

from uuid import UUID

import pytest

from finance.budgets.domain import (
    Income,
    LineKind,
    PlannedLine,
    Progress,
    new_thresholds,
    planned_total,
    sum_by_budget,
)

ONE, TWO, ACTIVITY = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("planned", "reached", "announced", "names"),
    [
        (0, 5000, [], []),
        (1000, 799, [], []),
        (1000, 800, [], ["income:80"]),
        (1000, 1000, [], ["income:80", "income:100"]),
        (1000, 1500, ["income:80"], ["income:100"]),
        (1000, 1500, ["income:80", "income:100"], []),
        (3, 2, [], []),
    ],
)
def test_a_threshold_is_reached_once(planned, reached, announced, names):
    progress = Progress(LineKind.income, planned, reached)
    assert [threshold.name for threshold in new_thresholds([progress], announced)] == names


@pytest.mark.parametrize(("planned", "reached", "percent"), [(0, 5, None), (3, 2, 66), (1000, 2500, 250)])
def test_percents_are_rounded_down(planned, reached, percent):
    assert Progress(LineKind.expense, planned, reached).percent == percent


def test_lines_are_summed_by_side():
    lines = [PlannedLine(LineKind.income, "a", 5), PlannedLine(LineKind.expense, "b", 7)]
    assert (planned_total(lines, LineKind.income), planned_total(lines, LineKind.expense)) == (5, 7)


def test_changes_are_summed_by_budget_in_one_order():
    incomes = [Income(TWO, ACTIVITY, "b", 2026, "EUR", 5, 0), *[Income(ONE, ACTIVITY, "a", 2026, "EUR", 2, -1)] * 2]
    assert sum_by_budget(incomes) == [
        Income(ONE, ACTIVITY, "a", 2026, "EUR", 4, -2),
        Income(TWO, ACTIVITY, "b", 2026, "EUR", 5, 0),
    ]
