"""A budget as bars and as a table, down to the place behind a cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

PERCENT_SHOWN_MAX = 100


@dataclass(frozen=True)
class Bar:
    """One side of a budget: what was planned and what of it was reached."""

    planned_minor: int
    reached_minor: int
    percent: int | None

    @property
    def shown_percent(self) -> int:
        """The length of the bar; more than all is shown as all."""
        return min(PERCENT_SHOWN_MAX, self.percent or 0)

    @property
    def is_over(self) -> bool:
        """True when more was reached than planned."""
        return self.percent is not None and self.percent > PERCENT_SHOWN_MAX


@dataclass(frozen=True)
class Budget:
    """An activity's year."""

    id: str
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


def budget_of(answer: Mapping[str, Any]) -> Budget:
    """The budget that the finance service tells of."""
    plain = ("id", "activity_id", "year", "currency", "is_planned", "promised_minor", "earned_minor", "spent_minor")
    return Budget(
        **{name: answer[name] for name in plain},
        title=answer["activity_title"],
        income=Bar(**answer["income"]),
        expense=Bar(**answer["expense"]),
        lines=answer["lines"],
    )


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
