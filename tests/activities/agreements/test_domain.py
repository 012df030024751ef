"""What an agreement must be to cover a session held by several associations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from activities.agreements.domain import Agreement, DoesNotCoverSession, check_covers

US, THEM, OTHERS = UUID(int=1), UUID(int=2), UUID(int=3)
AGREEMENT = Agreement(UUID(int=9), "signed", "Cirque", date(2026, 9, 1), date(2027, 6, 30), frozenset({US, THEM}))


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2027, 6, 30)])
def test_it_covers_from_its_first_day_to_its_last(day: date) -> None:
    check_covers(AGREEMENT, {US, THEM}, day, day)


def test_without_an_end_it_covers_any_later_day() -> None:
    check_covers(replace(AGREEMENT, ends_on=None), {US}, date(2040, 1, 1), date(2040, 1, 2))


@pytest.mark.parametrize(
    ("agreement", "hosts", "first_day", "last_day", "told"),
    [
        (replace(AGREEMENT, state="sent"), {US}, date(2026, 10, 1), date(2026, 10, 1), "not in force"),
        (replace(AGREEMENT, state="ended"), {US}, date(2026, 10, 1), date(2026, 10, 1), "not in force"),
        (AGREEMENT, {US}, date(2026, 8, 31), date(2026, 9, 1), "does not hold"),
        (AGREEMENT, {US}, date(2027, 6, 30), date(2027, 7, 1), "does not hold"),
        (AGREEMENT, {US, OTHERS}, date(2026, 10, 1), date(2026, 10, 1), "no sides"),
    ],
)
def test_what_it_does_not_cover_is_said(
    agreement: Agreement, hosts: set[UUID], first_day: date, last_day: date, told: str
) -> None:
    with pytest.raises(DoesNotCoverSession, match=told):
        check_covers(agreement, hosts, first_day, last_day)
