"""What an association owes for the resources and people of another, and which entries that makes in both books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from finance.ledger.domain import Account, Entry, EntryKind, Line


class NotItsReservation(Exception):
    """The reservation belongs to another owner."""


@dataclass(frozen=True)
class Lending:
    """A reservation as it stands: what its lodger owes for it now, 0 when it was given back."""

    reservation_id: UUID
    version: int
    owner_id: UUID
    lodger_id: UUID
    amount_minor: int
    currency: str
    day: date
    description: str


@dataclass(frozen=True)
class LentHours:
    """Approved hours of somebody whom `owner_id` has lent to `lodger_id`."""

    hours_id: UUID
    owner_id: UUID
    lodger_id: UUID
    amount_minor: int
    currency: str
    day: date
    description: str


ACCOUNTS = {
    Lending: (Account.income_lending, Account.expense_lending),
    LentHours: (Account.income_lent_people, Account.expense_lent_people),
}
"""Where the income of who lends and the expense of who borrows is booked."""


def entries_of_lending(lending: Lending | LentHours, change_minor: int, new_id: Callable[[], UUID]) -> list[Entry]:
    """One entry in each of the two books, linked; a negative change takes back what was booked before."""
    income, expense = ACCOUNTS[type(lending)]
    owner_entry, lodger_entry = new_id(), new_id()
    kind = EntryKind.lending if change_minor > 0 else EntryKind.lending_reversal
    owed, currency = change_minor, lending.currency
    books = {
        lending.owner_id: (
            Line(Account.receivable_associations, owed, currency, lending.lodger_id),
            Line(income, -owed, currency),
        ),
        lending.lodger_id: (
            Line(expense, owed, currency),
            Line(Account.payable_associations, -owed, currency, lending.owner_id),
        ),
    }
    ids = {lending.owner_id: (owner_entry, lodger_entry), lending.lodger_id: (lodger_entry, owner_entry)}
    return [
        Entry(
            id=ids[organisation_id][0],
            organisation_id=organisation_id,
            kind=kind,
            description=lending.description,
            lines=lines,
            linked_entry_id=ids[organisation_id][1],
        )
        for organisation_id, lines in books.items()
    ]
