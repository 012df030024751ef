"""Who owes whom between associations in a quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

QUARTERS_SHOWN = 4


@dataclass(frozen=True)
class Settlement:
    """Both ways between our association and another; `net_minor` is what they owe us, negative what we owe them."""

    other_id: str
    currency: str
    they_owe_minor: int
    we_owe_minor: int
    lines: int

    @property
    def net_minor(self) -> int:
        """Set off against each other."""
        return self.they_owe_minor - self.we_owe_minor


def settlement_of(answer: Mapping[str, Any], own_id: str) -> Settlement:
    """The settlement as our association sees it."""
    is_first = answer["first_id"] == own_id
    first, second = answer["first_owes_minor"], answer["second_owes_minor"]
    return Settlement(
        other_id=answer["second_id"] if is_first else answer["first_id"],
        currency=answer["currency"],
        they_owe_minor=second if is_first else first,
        we_owe_minor=first if is_first else second,
        lines=answer["lines"],
    )


@dataclass(frozen=True)
class SettledBooking:
    """What one booking makes one association owe another; `title` and `on` are None when its charge is not seen."""

    debtor_id: str
    creditor_id: str
    booking_id: str
    currency: str
    amount_minor: int
    title: str | None
    on: date | None


def settled_bookings(lines: Sequence[Mapping[str, Any]], charges: Sequence[Mapping[str, Any]]) -> list[SettledBooking]:
    """The lines summed by booking, by day; bookings whose lines were taken back are left out."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for line in lines:
        cause = line["booking_id"] or line["reservation_id"]
        key = (line["debtor_id"], line["creditor_id"], cause, line["currency"])
        sums[key] = sums.get(key, 0) + line["amount_minor"]
    known = {charge["booking_id"]: charge for charge in charges}
    settled = []
    for (debtor, creditor, booking_id, currency), amount in sums.items():
        charge = known.get(booking_id)
        on = date.fromisoformat(charge["session_on"]) if charge else None
        if amount:
            settled.append(
                SettledBooking(debtor, creditor, booking_id, currency, amount, charge["title"] if charge else None, on)
            )
    return sorted(settled, key=lambda one: (one.on or date.max, one.booking_id, one.debtor_id))


def quarter_of(day: date) -> str:
    """2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def recent_quarters(today: date) -> list[str]:
    """The next quarter, this one and those before, the latest first."""
    number = today.year * 4 + (today.month - 1) // 3 + 1
    return [f"{(number - back) // 4}Q{(number - back) % 4 + 1}" for back in range(QUARTERS_SHOWN)]
