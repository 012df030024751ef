"""A budget as bars and as a table, down to the place behind a cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

ALL_PERCENT = 100
LINE_KINDS = ("income", "expense")
LINES_SHOWN, LINES_MAX = 4, 100


@dataclass(frozen=True)
class Bar:
    """One side of a budget: what was planned and what of it was reached."""

    planned_minor: int
    reached_minor: int
    percent: int | None

    @property
    def is_over(self) -> bool:
        """True when more was reached than planned."""
        return self.percent is not None and self.percent > ALL_PERCENT


@dataclass(frozen=True)
class Stack:
    """Parts of a bar one after the other, and where the plan ends, in percent of its length."""

    parts: Sequence[tuple[str, float]]
    planned: float

    @property
    def starts(self) -> Sequence[tuple[str, float, float]]:
        """Each part with where it starts and how long it is."""
        found, start = [], 0.0
        for name, width in self.parts:
            found.append((name, start, width))
            start += width
        return found


def stack_of(planned_minor: int, parts: Mapping[str, int]) -> Stack:
    """The bar is as long as the plan, or as what was reached when that is more."""
    whole = max(planned_minor, sum(parts.values())) or 1
    return Stack([(name, round(100 * minor / whole, 2)) for name, minor in parts.items()],
                 round(100 * planned_minor / whole, 2))  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """An activity's year; `version` is what a change of its plan names."""

    id: str
    version: int
    activity_id: str
    title: str
    year: int
    currency: str
    is_planned: bool
    promised_minor: int
    earned_minor: int
    spent_minor: int
    income: Bar
    expense: Bar
    lines: Sequence[Mapping[str, Any]]

    @property
    def income_stack(self) -> Stack:
        """What is earned, then what is promised, against the planned income."""
        return stack_of(self.income.planned_minor, {"earned": self.earned_minor, "promised": self.promised_minor})

    @property
    def expense_stack(self) -> Stack:
        """What is spent against the planned expense."""
        return stack_of(self.expense.planned_minor, {"spent": self.spent_minor})


def budget_of(answer: Mapping[str, Any]) -> Budget:
    """The budget that the finance service tells of."""
    plain = (
        "id", "version", "activity_id", "year", "currency", "is_planned", "promised_minor", "earned_minor",
        "spent_minor",
    )  # fmt: skip
    return Budget(
        **{name: answer[name] for name in plain},
        title=answer["activity_title"],
        income=Bar(**answer["income"]),
        expense=Bar(**answer["expense"]),
        lines=answer["lines"],
    )


def fields_of(budget: Budget) -> dict[str, str]:
    """The plan of a budget, as its form shows it."""
    values = {"title": budget.title, "version": str(budget.version)}
    for number, line in enumerate(budget.lines):
        values |= {
            f"kind-{number}": line["kind"],
            f"label-{number}": line["label"],
            f"amount-{number}": f"{line['planned_minor'] / 100:.2f}",
        }
    return values


def places_for_lines(values: Mapping[str, str]) -> range:
    """So many lines fit the form: those written down, and some more."""
    filled = [int(name.removeprefix("label-")) for name, value in values.items() if _is_label(name) and value]
    return range(min(LINES_MAX, max(LINES_SHOWN, max(filled, default=-1) + 3)))


def _is_label(name: str) -> bool:
    number = name.removeprefix("label-")
    return number != name and number.isascii() and number.isdigit() and len(number) <= len(str(LINES_MAX))


@dataclass(frozen=True)
class Spending:
    """Money spent; what was taken back counts no more and stays in the book."""

    id: str
    label: str
    spent_on: date
    amount_minor: int
    is_taken_back: bool


def spendings_of(answers: Sequence[Mapping[str, Any]]) -> list[Spending]:
    """What the finance service tells of, what was spent last first."""
    found = [
        Spending(
            id=answer["id"],
            label=answer["label"],
            spent_on=date.fromisoformat(answer["spent_on"]),
            amount_minor=answer["amount_minor"],
            is_taken_back=answer["reversal_entry_id"] is not None,
        )
        for answer in answers
    ]
    return sorted(found, key=lambda one: (one.spent_on, one.id), reverse=True)


@dataclass(frozen=True)
class ChargedSession:
    """What one session brought: its charges and their sum."""

    title: str
    on: date
    currency: str
    amount_minor: int
    is_earned: bool
    charges: Sequence[Mapping[str, Any]]


def charged_sessions(charges: Sequence[Mapping[str, Any]], budget: Budget) -> list[ChargedSession]:
    """The charges behind a budget by session, in order; charges that came to nothing are left out."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for charge in charges:
        in_year = date.fromisoformat(charge["session_on"]).year == budget.year
        if charge["activity_id"] == budget.activity_id and in_year and charge["amount_minor"]:
            grouped.setdefault(charge["session_id"], []).append(charge)
    sessions = [
        ChargedSession(
            title=found[0]["title"],
            on=date.fromisoformat(found[0]["session_on"]),
            currency=found[0]["currency"],
            amount_minor=sum(charge["amount_minor"] for charge in found),
            is_earned=all(charge["is_earned"] for charge in found),
            charges=found,
        )
        for found in grouped.values()
    ]
    return sorted(sessions, key=lambda session: (session.on, session.title))


@dataclass(frozen=True)
class BookedCharges:
    """What the places of one booking brought, and who owes it."""

    title: str
    on: date
    currency: str
    payer_kind: str
    payer_id: str
    amount_minor: int
    charges: Sequence[Mapping[str, Any]]


def booked_charges(charges: Sequence[Mapping[str, Any]]) -> BookedCharges:
    """The charges of one booking, of which there is at least one; all have one payer."""
    first = charges[0]
    return BookedCharges(
        title=first["title"],
        on=date.fromisoformat(first["session_on"]),
        currency=first["currency"],
        payer_kind=first["payer_kind"],
        payer_id=first["payer_id"],
        amount_minor=sum(charge["amount_minor"] for charge in charges),
        charges=charges,
    )
