"""Which terms fit together, who has still to sign, and when the alarm rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from partners.agreements.domain import (
    AgreementDoesNotCover,
    AgreementState,
    Contribution,
    ContributionKind,
    Loan,
    Terms,
    UnfitTerms,
    check_covers_loan,
    check_terms,
    missing_signatures,
    renewal_alarm_at,
)

KEEPER, HOME, TOWN, STRANGER = (UUID(int=number) for number in range(1, 5))
MONEY = Contribution(TOWN, ContributionKind.money, "Subside", 150_000, "EUR")
TERMS = Terms(
    title="Cirque entre générations",
    scope="Six ateliers",
    starts_on=date(2026, 9, 1),
    ends_on=date(2027, 6, 30),
    renewal_notice_days=90,
    party_ids=(HOME, TOWN),
    contributions=(Contribution(KEEPER, ContributionKind.people, "Deux animateurs"), MONEY),
)


def test_fitting_terms_pass() -> None:
    check_terms(KEEPER, TERMS)
    check_terms(KEEPER, replace(TERMS, ends_on=None))
    check_terms(KEEPER, replace(TERMS, ends_on=TERMS.starts_on))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ends_on": date(2026, 8, 31)}, "ends before it starts"),
        ({"party_ids": ()}, "Name the other sides"),
        ({"party_ids": (HOME, HOME, TOWN)}, "each once"),
        ({"party_ids": (KEEPER, HOME, TOWN)}, "without being named"),
        ({"contributions": (replace(MONEY, party_id=STRANGER),)}, "is no side"),
        ({"contributions": (replace(MONEY, amount_minor=None),)}, "Money needs an amount"),
        ({"contributions": (replace(MONEY, currency=None),)}, "Money needs an amount"),
        ({"contributions": (replace(MONEY, kind=ContributionKind.place),)}, "nothing else has them"),
    ],
)
def test_unfit_terms_say_what_to_change(change: dict[str, Any], told: str) -> None:
    with pytest.raises(UnfitTerms, match=told):
        check_terms(KEEPER, replace(TERMS, **change))


def loan(**changes: Any) -> Loan:
    return replace(Loan(KEEPER, HOME, date(2026, 9, 1), date(2026, 9, 1)), **changes)


LENDING = replace(TERMS, contributions=(Contribution(KEEPER, ContributionKind.place, "La grande salle"),))


def test_what_a_side_promised_to_lend_is_covered_until_the_last_day() -> None:
    check_covers_loan(AgreementState.signed, KEEPER, LENDING, loan(last_day=date(2027, 6, 30)))
    check_covers_loan(AgreementState.signed, KEEPER, LENDING, loan(lodger_id=KEEPER))
    endless = replace(LENDING, ends_on=None)
    check_covers_loan(AgreementState.signed, KEEPER, endless, loan(last_day=date(2099, 1, 1)))


@pytest.mark.parametrize(
    ("state", "change", "told"),
    [
        (AgreementState.sent, {}, "not in force"),
        (AgreementState.ended, {}, "not in force"),
        (AgreementState.signed, {"first_day": date(2026, 8, 31)}, "not hold on all"),
        (AgreementState.signed, {"last_day": date(2027, 7, 1)}, "not hold on all"),
        (AgreementState.signed, {"lodger_id": UUID(int=99)}, "not both sides"),
        (AgreementState.signed, {"owner_id": HOME, "lodger_id": KEEPER}, "neither a place nor equipment"),
    ],
)
def test_what_is_not_covered_says_why(state: AgreementState, change: dict[str, Any], told: str) -> None:
    with pytest.raises(AgreementDoesNotCover, match=told):
        check_covers_loan(state, KEEPER, LENDING, loan(**change))


def test_who_has_still_to_sign() -> None:
    assert missing_signatures(KEEPER, [HOME, TOWN], set()) == [KEEPER, HOME, TOWN]
    assert missing_signatures(KEEPER, [HOME, TOWN], {HOME, KEEPER}) == [TOWN]
    assert missing_signatures(KEEPER, [HOME, TOWN], {TOWN, HOME, KEEPER}) == []


@pytest.mark.parametrize(
    ("ends_on", "days", "at"),
    [
        (date(2027, 6, 30), 90, datetime(2027, 4, 1, 6, tzinfo=UTC)),
        (date(2027, 1, 31), 30, datetime(2027, 1, 1, 7, tzinfo=UTC)),
        (date(2027, 6, 30), 0, datetime(2027, 6, 30, 6, tzinfo=UTC)),
    ],
)
def test_the_alarm_rings_at_eight_where_the_keeper_is(ends_on: date, days: int, at: datetime) -> None:
    assert renewal_alarm_at(ends_on, days, "Europe/Brussels") == at
