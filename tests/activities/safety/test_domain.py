"""Rules of risk sheets and checklists."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from activities.safety.domain import (
    Item,
    ListedTwice,
    ReviewedInTheFuture,
    Risk,
    UnknownItem,
    check_items,
    check_reviewed,
)

FIRST, SECOND = UUID(int=1), UUID(int=2)


def test_a_risk_weighs_its_likelihood_times_its_severity() -> None:
    assert Risk("fall", "children", 3, 4, "mats", "animator").weight == 12


def test_nobody_has_reviewed_tomorrow() -> None:
    check_reviewed(date(2026, 11, 23), date(2026, 11, 23))
    with pytest.raises(ReviewedInTheFuture):
        check_reviewed(date(2026, 11, 24), date(2026, 11, 23))


def test_a_checklist_names_items_that_it_knows_once() -> None:
    check_items([Item(FIRST, "exits", True), Item(None, "mats", False), Item(None, "mats", False)], {FIRST, SECOND})
    with pytest.raises(UnknownItem):
        check_items([Item(SECOND, "exits", True)], {FIRST})
    with pytest.raises(ListedTwice):
        check_items([Item(FIRST, "exits", True), Item(FIRST, "mats", True)], {FIRST})
