"""The table of transitions, and what answers come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from activities.holds.domain import (
    TRANSITIONS,
    Answers,
    Happening,
    HoldState,
    PersonWish,
    ResourceWish,
    Telling,
    TooManyWishes,
    Wishes,
    check_wishes,
)
from common.ids import new_id

BUS = ResourceWish(new_id(), new_id())
ANIMATOR = PersonWish("animator")
RESOURCES, PEOPLE, BOTH = Wishes([BUS]), Wishes(people=[ANIMATOR]), Wishes([BUS], [ANIMATOR])
KEPT = (HoldState.asked, HoldState.confirmed)


def walks(state: HoldState, length: int) -> Iterator[list[tuple[HoldState, Happening, HoldState]]]:
    """Every way through the table of this many steps."""
    if length == 0:
        yield []
        return
    for happening in Happening:
        transition = TRANSITIONS.get((state, happening))
        if transition is not None:
            for rest in walks(transition.state, length - 1):
                yield [(state, happening, transition.state), *rest]


def test_what_is_kept_is_released_when_it_is_not_kept_any_more() -> None:
    for (state, happening), transition in TRANSITIONS.items():
        leaves = state in KEPT and happening is not Happening.everything_held
        assert (Telling.release in transition.told) == (leaves or happening is Happening.held_for_nothing)


def test_asking_and_confirming_are_told_when_they_happen_and_only_then() -> None:
    for transition in TRANSITIONS.values():
        assert (Telling.ask in transition.told) == (transition.state is HoldState.asked)
        assert (Telling.confirm in transition.told) == (transition.state is HoldState.confirmed)


def test_a_release_comes_before_what_is_asked_anew_and_says_why() -> None:
    for transition in TRANSITIONS.values():
        if Telling.release in transition.told:
            assert transition.told[0] is Telling.release
            assert transition.because is not None


def test_no_walk_confirms_twice_without_asking_between() -> None:
    for walk in walks(HoldState.released, 5):
        states = [after for _, _, after in walk]
        for first in range(len(states) - 1):
            if states[first] is HoldState.confirmed:
                assert states[first + 1] is not HoldState.confirmed


@pytest.mark.parametrize("state", [state for state in HoldState if state not in KEPT])
def test_late_and_repeated_answers_change_nothing(state: HoldState) -> None:
    for happening in (Happening.everything_held, Happening.something_refused, Happening.time_is_up):
        assert (state, happening) not in TRANSITIONS
    assert TRANSITIONS[state, Happening.held_for_nothing].state is state


def test_a_confirmed_hold_is_not_ended_by_its_deadline() -> None:
    assert (HoldState.confirmed, Happening.time_is_up) not in TRANSITIONS
    assert (HoldState.confirmed, Happening.everything_held) not in TRANSITIONS


@pytest.mark.parametrize(
    ("wishes", "resources", "people", "expected"),
    [
        (RESOURCES, None, None, None),
        (RESOURCES, True, None, Happening.everything_held),
        (RESOURCES, False, None, Happening.something_refused),
        (PEOPLE, None, True, Happening.everything_held),
        (BOTH, True, None, None),
        (BOTH, None, True, None),
        (BOTH, True, True, Happening.everything_held),
        (BOTH, None, False, Happening.something_refused),
        (BOTH, False, True, Happening.something_refused),
        (BOTH, False, False, Happening.something_refused),
    ],
)
def test_answers(wishes: Wishes, resources: bool | None, people: bool | None, expected: Happening | None) -> None:
    assert Answers(resources, people).judged_for(wishes) is expected


def test_a_wish_reaches_from_before_the_session_until_after_it() -> None:
    wish = ResourceWish(new_id(), new_id(), minutes_before=60, minutes_after=15)
    starts_at, ends_at = datetime(2026, 10, 14, 12, tzinfo=UTC), datetime(2026, 10, 14, 14, tzinfo=UTC)
    expected = (datetime(2026, 10, 14, 11, tzinfo=UTC), datetime(2026, 10, 14, 14, 15, tzinfo=UTC))
    assert wish.times(starts_at, ends_at) == expected


def test_wishes_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(TooManyWishes):
        check_wishes(Wishes([BUS, BUS]))
    with pytest.raises(TooManyWishes):
        check_wishes(Wishes(people=[PersonWish("animator", 1, None, [new_id(), new_id()])]))
    check_wishes(BOTH)
