"""What an activity may do to people, and what is looked at before each session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

SCALE_MAX = 4


class ReviewedInTheFuture(Exception):
    """A risk sheet was reviewed today or before."""


class ListedTwice(Exception):
    """An item stands twice on the checklist."""


class UnknownItem(Exception):
    """The checklist has no such item."""


@dataclass(frozen=True)
class Risk:
    """A hazard, who is exposed to it, and what is done about it; likelihood and severity from 1 to 4."""

    hazard: str
    exposed: str
    likelihood: int
    severity: int
    measure: str
    responsible: str

    @property
    def weight(self) -> int:
        """Likelihood times severity: 1 to 16."""
        return self.likelihood * self.severity


@dataclass(frozen=True)
class Item:
    """Something to look at before each session; `id` is None for a new one."""

    id: UUID | None
    task: str
    is_required: bool


def check_reviewed(reviewed_on: date, today: date) -> None:
    """Raise ReviewedInTheFuture."""
    if reviewed_on > today:
        raise ReviewedInTheFuture(f"Give the day of the review: today, {today.isoformat()}, or before.")


def check_items(items: list[Item], known: set[UUID]) -> None:
    """Raise UnknownItem for an id that the list never had, ListedTwice for one that is named twice."""
    named = [item.id for item in items if item.id is not None]
    if not known.issuperset(named):
        raise UnknownItem("Leave the id of a new item out: this checklist does not know it.")
    if len(set(named)) < len(named):
        raise ListedTwice("Name each item of the checklist once.")
