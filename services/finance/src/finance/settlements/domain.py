"""Who owes whom between associations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Debt:
    """A line between two associations, for a booking's charge, a reservation or hours of lent people.

    A negative one takes another back.
    """

    organiser_id: UUID
    debtor_id: UUID
    creditor_id: UUID
    amount_minor: int
    currency: str
    day: date
    booking_id: UUID | None = None
    charge_id: UUID | None = None
    reservation_id: UUID | None = None
    hours_id: UUID | None = None

    @property
    def quarter(self) -> str:
        """The quarter of its day, as 2026Q4."""
        return quarter_of(self.day)


@dataclass(frozen=True)
class Gross:
    """What one association owes another in a quarter, and how many lines say so."""

    debtor_id: UUID
    creditor_id: UUID
    currency: str
    quarter: str
    amount_minor: int
    lines: int


@dataclass(frozen=True)
class Net:
    """Both ways between two associations; `net_minor` is what the first owes the second, negative the other way."""

    first_id: UUID
    second_id: UUID
    currency: str
    quarter: str
    first_owes_minor: int
    second_owes_minor: int
    lines: int

    @property
    def net_minor(self) -> int:
        """What the first owes the second after setting off."""
        return self.first_owes_minor - self.second_owes_minor


def quarter_of(day: date) -> str:
    """The quarter of a day, as 2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def net_by_pair(sums: Iterable[Gross]) -> list[Net]:
    """Set off both directions of every pair, currency and quarter; the smaller id comes first."""
    pairs: dict[tuple[str, str, UUID, UUID], tuple[int, int, int]] = {}
    for gross in sums:
        first_id, second_id = sorted((gross.debtor_id, gross.creditor_id))
        key = (gross.quarter, gross.currency, first_id, second_id)
        first_owes, second_owes, lines = pairs.get(key, (0, 0, 0))
        if gross.debtor_id == first_id:
            first_owes += gross.amount_minor
        else:
            second_owes += gross.amount_minor
        pairs[key] = (first_owes, second_owes, lines + gross.lines)
    return [
        Net(first_id, second_id, currency, quarter, *amounts)
        for (quarter, currency, first_id, second_id), amounts in sorted(pairs.items())
    ]
