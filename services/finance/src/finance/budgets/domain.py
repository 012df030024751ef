"""What was planned, what it has come to, and when that is worth telling."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

THRESHOLDS_PERCENT = (80, 100)


class LineKind(StrEnum):
    """The two sides of a budget."""

    income = "income"
    expense = "expense"


class BudgetExists(Exception):
    """The activity has a budget for that year and currency."""


class SpendingIsReversed(Exception):
    """The spending was taken back before."""


@dataclass(frozen=True)
class PlannedLine:
    """One line of what was planned."""

    kind: LineKind
    label: str
    planned_minor: int


@dataclass(frozen=True)
class Progress:
    """One side of a budget: planned, and reached (promised and earned income, or spent)."""

    kind: LineKind
    planned_minor: int
    reached_minor: int

    @property
    def percent(self) -> int | None:
        """Whole percents of what was planned, rounded down; None where nothing was planned."""
        return self.reached_minor * 100 // self.planned_minor if self.planned_minor else None


@dataclass(frozen=True)
class Threshold:
    """A share of what was planned that was reached for the first time."""

    progress: Progress
    percent: int

    @property
    def name(self) -> str:
        """How the budget remembers it."""
        return f"{self.progress.kind}:{self.percent}"


@dataclass(frozen=True)
class Income:
    """What charges change in the income of one association's activity in one year; amounts are differences."""

    organisation_id: UUID
    activity_id: UUID
    activity_title: str
    year: int
    currency: str
    promised_minor: int
    earned_minor: int


def planned_total(lines: Collection[PlannedLine], kind: LineKind) -> int:
    """The sum of one side's lines."""
    return sum(line.planned_minor for line in lines if line.kind is kind)


def new_thresholds(progresses: Collection[Progress], announced: Collection[str]) -> list[Threshold]:
    """The thresholds that are reached and were never announced, lowest first."""
    reached = [
        Threshold(progress, percent)
        for progress in progresses
        for percent in THRESHOLDS_PERCENT
        if progress.planned_minor > 0 and progress.reached_minor * 100 >= progress.planned_minor * percent
    ]
    return [threshold for threshold in reached if threshold.name not in announced]


def sum_by_budget(incomes: Collection[Income]) -> list[Income]:
    """One change per budget, in the order in which budgets are locked."""
    sums: dict[tuple[UUID, UUID, int, str], Income] = {}
    for income in incomes:
        key = (income.organisation_id, income.activity_id, income.year, income.currency)
        known = sums.get(key)
        promised = income.promised_minor + (known.promised_minor if known else 0)
        earned = income.earned_minor + (known.earned_minor if known else 0)
        sums[key] = Income(*key[:2], income.activity_title, *key[2:], promised, earned)
    return [sums[key] for key in sorted(sums)]
