"""What may stand on an attendance list."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.attendance.domain import (
    AgeBand,
    AgeBandsOverlap,
    AttendanceState,
    Mark,
    MarkedTwice,
    NotBegun,
    NotBooked,
    NotOpenDoor,
    check_bands,
    check_begun,
    check_marks,
    excused_back,
)
from contracts.activities import AttendanceState as AnnouncedState

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
PRESENT, ABSENT, EXCUSED = AttendanceState


def test_the_states_are_those_that_are_announced() -> None:
    assert [str(state) for state in AttendanceState] == [str(state) for state in AnnouncedState]


@pytest.mark.parametrize(("minutes", "open_"), [(61, False), (60, True), (0, True), (-10_000, True)])
def test_the_list_opens_an_hour_before(minutes: int, open_: bool) -> None:
    with nullcontext() if open_ else pytest.raises(NotBegun):
        check_begun(NOW + timedelta(minutes=minutes), NOW)


def test_only_who_has_a_place_is_on_the_list_and_once() -> None:
    booked, stranger = uuid4(), uuid4()
    check_marks([], [])
    check_marks([Mark(booked, PRESENT)], [booked])
    with pytest.raises(NotBooked, match=str(stranger)):
        check_marks([Mark(booked, PRESENT), Mark(stranger, ABSENT)], [booked])
    with pytest.raises(MarkedTwice):
        check_marks([Mark(booked, PRESENT), Mark(booked, ABSENT)], [booked])


@pytest.mark.parametrize(
    ("bands", "fits"),
    [
        ([], True),
        ([AgeBand(0, 5, 3), AgeBand(6, 12, 0)], True),
        ([AgeBand(6, 12, 1), AgeBand(0, 5, 1)], True),
        ([AgeBand(6, 6, 1)], True),
        ([AgeBand(0, 6, 1), AgeBand(6, 12, 1)], False),
        ([AgeBand(6, 5, 1)], False),
        ([AgeBand(0, 120, 1), AgeBand(5, 6, 1)], False),
    ],
)
def test_age_bands_share_no_age(bands: list[AgeBand], fits: bool) -> None:
    with nullcontext() if fits else pytest.raises(AgeBandsOverlap):
        check_bands(bands, open_door=True)
    with pytest.raises(NotOpenDoor) if bands else nullcontext():
        check_bands(bands, open_door=False)


@given(st.lists(st.integers(0, 120), min_size=2, max_size=12, unique=True))
def test_bands_cut_at_sorted_ages_never_overlap(cuts: list[int]) -> None:
    ages = sorted(cuts)
    check_bands([AgeBand(low, high - 1, 1) for low, high in pairwise(ages)], open_door=True)


@pytest.mark.parametrize(
    ("price", "state", "percent", "back"),
    [
        (500, EXCUSED, 50, 250),
        (501, EXCUSED, 50, 251),
        (500, PRESENT, 50, 0),
        (500, ABSENT, 50, 0),
        (500, EXCUSED, 0, 0),
    ],
)
def test_an_excused_absence_gives_back_its_share(price: int, state: AttendanceState, percent: int, back: int) -> None:
    assert excused_back(price, state, percent) == back
