"""Hours of lent people are told of groups only."""

from __future__ import annotations

import pytest

from common.ids import new_id
from staffing.evaluation.domain import Lent, LentFigures, without_small_groups


@pytest.mark.parametrize(("people", "shown"), [(1, None), (4, None), (5, 5), (40, 40)])
def test_fewer_than_five_people_are_left_out_with_their_hours(people: int, shown: int | None) -> None:
    lender_id, host_id = new_id(), new_id()
    minutes = None if shown is None else 600
    expected = LentFigures(lender_id, host_id, shown, minutes)
    assert without_small_groups(Lent(lender_id, host_id, people, 600)) == expected
