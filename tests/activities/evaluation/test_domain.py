"""Groups of fewer than five people are not shown, nor what would tell them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from activities.evaluation.domain import Counts, without_small_groups


@pytest.mark.parametrize(
    ("booked", "marked", "present", "shown"),
    [
        (0, 0, 0, (0, 0, 0)),
        (4, 0, 0, (None, 0, 0)),
        (12, 12, 12, (12, 12, 12)),
        (12, 12, 7, (12, 12, 7)),
        (12, 12, 8, (12, 12, None)),
        (12, 12, 3, (12, 12, None)),
        (12, 4, 4, (12, None, None)),
        (12, 8, 0, (12, 8, 0)),
    ],
)
def test_small_groups_are_left_out(booked: int, marked: int, present: int, shown: tuple[int | None, ...]) -> None:
    figures = without_small_groups(Counts(uuid4(), 3, 1, 40, booked, marked, present))
    assert (figures.booked, figures.marked, figures.present) == shown
    assert (figures.sessions, figures.cancelled, figures.capacity) == (3, 1, 40)
