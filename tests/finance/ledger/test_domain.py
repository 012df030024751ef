from __future__ import annotations

from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.ledger.domain import (
    Account,
    Claim,
    EntryIsNotManual,
    EntryKind,
    Line,
    ReservedAccount,
    UnbalancedEntry,
    check_balanced,
    check_manual,
    check_reversible,
    entries_of_claim,
    reversed_lines,
)

ORGANISER, CO_HOST, PAYER = UUID(int=1), UUID(int=2), UUID(int=3)


def claim(amount: int, *, payer: UUID = PAYER, by_association: bool = False, co_host: int = 0) -> Claim:
    return Claim(
        charge_id=UUID(int=7),
        booking_id=UUID(int=8),
        organiser_id=ORGANISER,
        payer_id=payer,
        payer_is_organisation=by_association,
        currency="EUR",
        amount_minor=amount,
        income=((ORGANISER, amount - co_host), (CO_HOST, co_host)),
        description="Cirque",
    )


def booked(told: Claim) -> dict[UUID, dict[str, int]]:
    ids = count(100)
    entries = entries_of_claim(told, lambda: UUID(int=next(ids)))
    return {entry.organisation_id: {line.account: line.amount_minor for line in entry.lines} for entry in entries}


@pytest.mark.parametrize(
    ("told", "books"),
    [
        (claim(1000), {ORGANISER: {"receivable_households": 1000, "income_participation": -1000}}),
        (
            claim(1000, co_host=400),
            {
                ORGANISER: {"receivable_households": 1000, "income_participation": -600, "payable_associations": -400},
                CO_HOST: {"receivable_associations": 400, "income_participation": -400},
            },
        ),
        (
            claim(1000, by_association=True),
            {
                ORGANISER: {"receivable_associations": 1000, "income_participation": -1000},
                PAYER: {"expense_participation": 1000, "payable_associations": -1000},
            },
        ),
        (
            claim(1000, payer=ORGANISER, by_association=True),
            {ORGANISER: {"expense_participation": 1000, "income_participation": -1000}},
        ),
        (
            claim(-300, payer=CO_HOST, by_association=True, co_host=-100),
            {
                ORGANISER: {"receivable_associations": -300, "income_participation": 200, "payable_associations": 100},
                CO_HOST: {
                    "expense_participation": -300,
                    "payable_associations": 300,
                    "receivable_associations": -100,
                    "income_participation": 100,
                },
            },
        ),
        (claim(0), {}),
    ],
)
def test_a_claim_is_booked_in_every_book_concerned(told, books):
    assert booked(told) == books


@given(amount=st.integers(-(10**6), 10**6), by_association=st.booleans(), co_host=st.integers(-(10**6), 10**6))
def test_every_entry_of_a_claim_balances(amount, by_association, co_host):
    ids = count(100)
    told = claim(amount, by_association=by_association, co_host=co_host)
    for entry in entries_of_claim(told, lambda: UUID(int=next(ids))):
        check_balanced(entry.lines)


def test_two_books_link_to_each_other_and_more_to_the_organisers():
    ids = count(100)
    two = entries_of_claim(claim(1000, by_association=True), lambda: UUID(int=next(ids)))
    assert [entry.linked_entry_id for entry in two] == [two[1].id, two[0].id]
    three = entries_of_claim(claim(1000, by_association=True, co_host=400), lambda: UUID(int=next(ids)))
    assert [entry.linked_entry_id for entry in three] == [None, three[0].id, three[0].id]


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([], UnbalancedEntry),
        ([(Account.bank, 5, "EUR"), (Account.cash, -4, "EUR")], UnbalancedEntry),
        ([(Account.bank, 5, "EUR"), (Account.cash, -5, "CHF")], UnbalancedEntry),
        ([(Account.bank, 0, "EUR"), (Account.cash, 0, "EUR")], UnbalancedEntry),
        ([(Account.bank, 5, "EUR"), (Account.payable_associations, -5, "EUR")], ReservedAccount),
    ],
)
def test_what_a_person_may_not_book(lines, error):
    with pytest.raises(error):
        check_manual([Line(*line) for line in lines])


def test_a_reversal_exchanges_debit_and_credit():
    lines = (Line(Account.bank, 5, "EUR"), Line(Account.receivable_households, -5, "EUR", PAYER))
    assert reversed_lines(reversed_lines(lines)) == lines
    check_balanced([*lines, *reversed_lines(lines)])


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind is not EntryKind.manual])
def test_only_entries_made_by_hand_are_reversed_by_hand(kind):
    check_reversible(EntryKind.manual)
    with pytest.raises(EntryIsNotManual):
        check_reversible(kind)
