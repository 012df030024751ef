"""All associations of a federation side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.directory.domain import Directory, Organisation

PERIODS = ("past", "now", "ahead")
WEEKS = 12
HOME_ZONE = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def starts_from(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), HOME_ZONE)

    @property
    def starts_before(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), HOME_ZONE)


def period_of(name: str, today: date) -> Period:
    """The twelve weeks before today, this month, or the twelve weeks from today on."""
    if name == "past":
        return Period(today - timedelta(weeks=WEEKS), today - timedelta(days=1))
    if name == "ahead":
        return Period(today, today + timedelta(weeks=WEEKS))
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(today.replace(day=1), next_month - timedelta(days=1))


@dataclass(frozen=True)
class Row:
    """One association: what it offers and how many came; None where fewer than five people are meant."""

    association: Organisation
    sessions: int
    cancelled: int
    capacity: int
    booked: int | None
    marked: int | None
    present: int | None

    @property
    def booked_percent(self) -> int | None:
        """How many of the places are booked."""
        return round(100 * self.booked / self.capacity) if self.booked is not None and self.capacity else None

    @property
    def present_percent(self) -> int | None:
        """How many of those on the attendance lists came."""
        return round(100 * self.present / self.marked) if self.present is not None and self.marked else None


def rows_of(figures: Sequence[Mapping[str, Any]], directory: Directory) -> list[Row]:
    """Every association by name, also those that offer nothing."""
    known = {one["organisation_id"]: one for one in figures}
    nothing = {"sessions": 0, "cancelled": 0, "capacity": 0, "booked": 0, "marked": 0, "present": 0}
    return [
        Row(association, **{name: known.get(association.id, nothing)[name] for name in nothing})
        for association in directory.associations
    ]


def most_booked(rows: Sequence[Row]) -> Row | None:
    """The association with the highest share of booked places; None when no share is shown."""
    shown = [row for row in rows if row.booked_percent is not None]
    return max(shown, key=lambda row: row.booked_percent or 0, default=None)


@dataclass(frozen=True)
class Supervision:
    """The sessions of one association that need supervisors, and those of them that lack some."""

    association: Organisation
    supervised: int
    short: int

    @property
    def covered_percent(self) -> int | None:
        """How many of them have enough; None when none needs any."""
        return round(100 * (self.supervised - self.short) / self.supervised) if self.supervised else None


def supervisions_of(figures: Sequence[Mapping[str, Any]], directory: Directory) -> list[Supervision]:
    """Every association by name, also those of which no session needs supervisors."""
    known = {one["organisation_id"]: one for one in figures}
    nothing = {"supervised": 0, "short": 0}
    return [
        Supervision(association, **{name: known.get(association.id, nothing)[name] for name in nothing})
        for association in directory.associations
    ]


@dataclass(frozen=True)
class Money:
    """The budgets of one association in a year together, in minor units."""

    association: Organisation
    currency: str
    planned_income_minor: int
    promised_minor: int
    earned_minor: int
    planned_expense_minor: int
    spent_minor: int

    @property
    def amounts(self) -> Sequence[int]:
        """In the order of the table: income planned, promised, earned; expense planned, spent."""
        return (
            self.planned_income_minor, self.promised_minor, self.earned_minor, self.planned_expense_minor,
            self.spent_minor,
        )  # fmt: skip


def money_of(figures: Sequence[Mapping[str, Any]], directory: Directory) -> list[Money]:
    """The associations that have budgets, by name."""
    names = (
        "currency", "planned_income_minor", "promised_minor", "earned_minor", "planned_expense_minor", "spent_minor",
    )  # fmt: skip
    by_id = {association.id: association for association in directory.associations}
    found = [
        Money(by_id[one["organisation_id"]], **{name: one[name] for name in names})
        for one in figures
        if one["organisation_id"] in by_id
    ]
    return sorted(found, key=lambda one: (one.association.name, one.currency))
