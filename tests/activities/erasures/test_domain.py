"""Which step follows when."""

from __future__ import annotations

import pytest

from activities.erasures.domain import ErasureState, StillBooked, check_nothing_to_come, state_after

ALL = {"activities", "staffing", "finance", "partners"}


@pytest.mark.parametrize(
    ("state", "answered", "following"),
    [
        (ErasureState.asked, set(), ErasureState.address),
        (ErasureState.address, set(), ErasureState.address),
        (ErasureState.address, {"staffing"}, ErasureState.address),
        (ErasureState.address, {"notifications"}, ErasureState.records),
        (ErasureState.records, ALL - {"finance"}, ErasureState.records),
        (ErasureState.records, ALL, ErasureState.messages),
        (ErasureState.messages, ALL, ErasureState.messages),
        (ErasureState.messages, {"notifications"}, ErasureState.complete),
        (ErasureState.complete, ALL | {"notifications"}, ErasureState.complete),
    ],
)
def test_a_step_ends_with_its_last_answer(state: ErasureState, answered: set[str], following: ErasureState) -> None:
    assert state_after(state, answered) is following


def test_what_is_to_come_stands_in_the_way() -> None:
    check_nothing_to_come(0)
    with pytest.raises(StillBooked, match="2 bookings"):
        check_nothing_to_come(2)
