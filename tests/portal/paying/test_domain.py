"""Bills as they are shown."""

from __future__ import annotations

import pytest

from portal.paying.domain import bills_of
from tests.portal import answers


@pytest.mark.parametrize(
    ("amounts", "iban", "scannable"),
    [
        ({"EUR": 1200}, "BE89006820030085", [True]),
        ({"EUR": 1200}, "", [False]),
        ({"CHF": 1200, "EUR": 1}, "BE89006820030085", [False, True]),
        ({"EUR": 0}, "BE89006820030085", []),
        ({"EUR": -300}, "BE89006820030085", []),
    ],
)
def test_bank_apps_read_euro_to_a_known_account(amounts: dict[str, int], iban: str, scannable: list[bool]) -> None:
    bills = bills_of([answers.due(amounts=amounts)], {answers.HOUSE: iban})
    assert [bill.can_be_scanned for bill in bills] == scannable


def test_account_and_reference_are_written_as_banks_do() -> None:
    [bill] = bills_of([answers.due()], {answers.HOUSE: "BE89006820030085"})
    assert (bill.iban_in_fours, bill.reference_shown) == ("BE89 0068 2003 0085", "+++100/0001/00165+++")
