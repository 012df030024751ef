"""Which terms fit together, who has still to sign, and when the alarm rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from partners.agreements.domain import (
    Contribution,
    ContributionKind,
    Terms,
    UnfitTerms,
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
