"""Double entry: what a book may hold, and which entries a claim makes in which books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Account(StrEnum):
    """The accounts of every book; the chart of each jurisdiction gives them their national codes."""

    receivable_households = "receivable_households"
    receivable_associations = "receivable_associations"
    payable_associations = "payable_associations"
    payable_people = "payable_people"
    income_participation = "income_participation"
    expense_participation = "expense_participation"
    expense_activity = "expense_activity"
    income_lending = "income_lending"
    expense_lending = "expense_lending"
    income_lent_people = "income_lent_people"
    expense_lent_people = "expense_lent_people"
    bank = "bank"
    cash = "cash"


BETWEEN_ASSOCIATIONS = frozenset({Account.receivable_associations, Account.payable_associations})


class EntryKind(StrEnum):
    """Why an entry was made. `charge_reversal` takes all or part of a charge back, `charge_restoration` undoes that.

    `lending` is what is owed for another association's resource or people, `lending_reversal` takes that back.
    """

    charge = "charge"
    charge_reversal = "charge_reversal"
    charge_restoration = "charge_restoration"
    spending = "spending"
    manual = "manual"
    reversal = "reversal"
    lending = "lending"
    lending_reversal = "lending_reversal"


class UnbalancedEntry(Exception):
    """The debits and the credits of an entry differ."""


class ReservedAccount(Exception):
    """Debts between associations are booked in two books at once, never by hand in one."""


class EntryIsNotManual(Exception):
    """The entry follows from a charge or a spending and is corrected there."""


class EntryIsReversed(Exception):
    """The entry was reversed before."""


class BookedInTheFuture(Exception):
    """The date of the entry has not come yet."""


@dataclass(frozen=True)
class Line:
    """One line of an entry: debit positive, credit negative; the counterparty is an association or a household."""

    account: Account
    amount_minor: int
    currency: str
    counterparty_id: UUID | None = None


@dataclass(frozen=True)
class Entry:
    """An entry to be booked; without a date it is booked today in the time zone of its book."""

    id: UUID
    organisation_id: UUID
    kind: EntryKind
    description: str
    lines: tuple[Line, ...]
    booked_on: date | None = None
    booking_id: UUID | None = None
    charge_id: UUID | None = None
    reverses_entry_id: UUID | None = None
    linked_entry_id: UUID | None = None


@dataclass(frozen=True)
class Claim:
    """What a charge changes: the payer owes the organiser `amount_minor` more, income belongs to `income`.

    Amounts are differences and may be negative; the parts of `income` sum to the amount.
    """

    charge_id: UUID
    booking_id: UUID
    organiser_id: UUID
    payer_id: UUID
    payer_is_organisation: bool
    currency: str
    amount_minor: int
    income: tuple[tuple[UUID, int], ...]
    description: str


def check_balanced(lines: Sequence[Line]) -> None:
    """Raise UnbalancedEntry unless the lines sum to zero in every currency."""
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.currency] += line.amount_minor
    wrong = {currency: total for currency, total in sums.items() if total}
    if wrong or not lines:
        raise UnbalancedEntry(f"Debits minus credits must be 0, not {wrong or 'nothing at all'}.")
    if any(line.amount_minor == 0 for line in lines):
        raise UnbalancedEntry("A line of 0 books nothing.")


def check_manual(lines: Sequence[Line]) -> None:
    """Raise ReservedAccount or UnbalancedEntry when a person may not book these lines."""
    reserved = sorted({line.account for line in lines} & BETWEEN_ASSOCIATIONS)
    if reserved:
        raise ReservedAccount(f"{', '.join(reserved)} follow from charges only.")
    check_balanced(lines)


def check_reversible(kind: EntryKind) -> None:
    """Raise EntryIsNotManual unless a person made the entry by hand."""
    if kind is not EntryKind.manual:
        raise EntryIsNotManual(f"An entry of kind {kind} is corrected where it came from.")


def reversed_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same lines with debit and credit exchanged."""
    return tuple(Line(line.account, -line.amount_minor, line.currency, line.counterparty_id) for line in lines)


def entries_of_claim(claim: Claim, new_id: Callable[[], UUID]) -> list[Entry]:
    """One entry per book concerned, the organiser's first.

    Entries of the other books link to the organiser's; the organiser's links back where there is only one other.
    """
    books = {claim.organiser_id: _organiser_lines(claim), **_neighbour_lines(claim)}
    ids = {organisation_id: new_id() for organisation_id, lines in books.items() if lines}
    neighbours = [organisation_id for organisation_id in ids if organisation_id != claim.organiser_id]
    only_mirror = ids[neighbours[0]] if len(neighbours) == 1 else None
    return [
        Entry(
            id=entry_id,
            organisation_id=organisation_id,
            kind=EntryKind.charge if claim.amount_minor > 0 else EntryKind.charge_reversal,
            description=claim.description,
            lines=tuple(books[organisation_id]),
            booking_id=claim.booking_id,
            charge_id=claim.charge_id,
            linked_entry_id=only_mirror if organisation_id == claim.organiser_id else ids[claim.organiser_id],
        )
        for organisation_id, entry_id in ids.items()
    ]


def _organiser_lines(claim: Claim) -> list[Line]:
    """The payer's debt against the organiser's own income and what it owes the co-hosts."""
    if claim.payer_id == claim.organiser_id:
        debit = Line(Account.expense_participation, claim.amount_minor, claim.currency)
    elif claim.payer_is_organisation:
        debit = Line(Account.receivable_associations, claim.amount_minor, claim.currency, claim.payer_id)
    else:
        debit = Line(Account.receivable_households, claim.amount_minor, claim.currency, claim.payer_id)
    lines = [debit]
    for organisation_id, amount_minor in claim.income:
        if organisation_id == claim.organiser_id:
            lines.append(Line(Account.income_participation, -amount_minor, claim.currency))
        else:
            lines.append(Line(Account.payable_associations, -amount_minor, claim.currency, organisation_id))
    return [line for line in lines if line.amount_minor]


def _neighbour_lines(claim: Claim) -> dict[UUID, list[Line]]:
    """The other side of every debt between associations, by book."""
    books: dict[UUID, list[Line]] = defaultdict(list)
    organiser_id, currency = claim.organiser_id, claim.currency
    if claim.payer_is_organisation and claim.payer_id != organiser_id and claim.amount_minor:
        books[claim.payer_id] += [
            Line(Account.expense_participation, claim.amount_minor, currency),
            Line(Account.payable_associations, -claim.amount_minor, currency, organiser_id),
        ]
    for organisation_id, amount_minor in claim.income:
        if organisation_id != organiser_id and amount_minor:
            books[organisation_id] += [
                Line(Account.receivable_associations, amount_minor, currency, organiser_id),
                Line(Account.income_participation, -amount_minor, currency),
            ]
    return books
