"""Everybody on the list of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Roster:
    """The list by what the places are: taken, offered, waited for."""

    confirmed: Sequence[Entry]
    offered: Sequence[Entry]
    waiting: Sequence[Entry]

    @property
    def is_empty(self) -> bool:
        """True when nobody asked for a place."""
        return not (self.confirmed or self.offered or self.waiting)

    def count(self, mark: str) -> int:
        """How many of the confirmed have a mark."""
        return sum(entry["mark"] == mark for entry in self.confirmed)

    @property
    def unmarked(self) -> int:
        """How many of the confirmed have none yet."""
        return sum(entry["mark"] is None for entry in self.confirmed)


def roster_of(entries: Sequence[Entry]) -> Roster:
    """Sort the list; who waits is in the order of arrival."""
    waiting = [entry for entry in entries if entry["booking_state"] == "waiting"]
    return Roster(
        confirmed=[entry for entry in entries if entry["booking_state"] == "confirmed"],
        offered=[entry for entry in entries if entry["booking_state"] == "offered"],
        waiting=sorted(waiting, key=lambda entry: (entry["waiting_since"] or "", entry["booking_id"])),
    )


@dataclass(frozen=True)
class SessionMoney:
    """What the places of a session bring, in minor units, and the budget that it counts in."""

    promised_minor: int
    earned_minor: int
    currency: str
    budget_id: str | None


def money_of(charges: Sequence[Mapping[str, Any]], budget_id: str | None) -> SessionMoney | None:
    """The sums of the charges; None when there are none."""
    if not charges:
        return None
    earned = sum(charge["amount_minor"] for charge in charges if charge["is_earned"])
    together = sum(charge["amount_minor"] for charge in charges)
    return SessionMoney(together - earned, earned, charges[0]["currency"], budget_id)
