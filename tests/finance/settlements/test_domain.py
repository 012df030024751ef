from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from finance.settlements.domain import Gross, Net, net_by_pair, quarter_of

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 31), "2026Q1"),
        (date(2026, 4, 1), "2026Q2"),
        (date(2026, 9, 30), "2026Q3"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_a_day_is_in_its_quarter(day, quarter):
    assert quarter_of(day) == quarter


def test_both_directions_of_a_pair_are_set_off():
    sums = [
        Gross(B, A, "EUR", "2026Q4", 700, 2),
        Gross(A, B, "EUR", "2026Q4", 1000, 3),
        Gross(A, C, "EUR", "2026Q4", 50, 1),
        Gross(A, B, "EUR", "2026Q3", 5, 1),
    ]
    nets = net_by_pair(sums)
    assert nets == [
        Net(A, B, "EUR", "2026Q3", 5, 0, 1),
        Net(A, B, "EUR", "2026Q4", 1000, 700, 5),
        Net(A, C, "EUR", "2026Q4", 50, 0, 1),
    ]
    assert [net.net_minor for net in nets] == [5, 300, 50]
