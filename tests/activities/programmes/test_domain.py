"""Rules of programmes and of what activities promise."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.programmes.domain import (
    PROMISES,
    CancellationTerms,
    EndsBeforeItStarts,
    NoDraftAnyMore,
    ObjectiveWithoutIndicator,
    ProgrammeClosed,
    ProgrammeState,
    RefundStep,
    TermsArePublished,
    WrongProgrammeStep,
    check_draft,
    check_not_closed,
    check_objectives,
    check_season,
    check_step,
    check_terms_change,
)

STEPS = {("draft", "approved"), ("approved", "published"), ("published", "closed")}


@pytest.mark.parametrize(("current", "wanted"), product(ProgrammeState, ProgrammeState))
def test_a_programme_takes_one_step_at_a_time(current: ProgrammeState, wanted: ProgrammeState) -> None:
    with nullcontext() if (current, wanted) in STEPS else pytest.raises(WrongProgrammeStep):
        check_step(current, wanted)


@pytest.mark.parametrize("state", ProgrammeState)
def test_only_a_draft_is_rewritten_and_nothing_is_added_once_closed(state: ProgrammeState) -> None:
    with nullcontext() if state == "draft" else pytest.raises(NoDraftAnyMore):
        check_draft(state)
    with pytest.raises(ProgrammeClosed) if state == "closed" else nullcontext():
        check_not_closed(state)


def test_a_season_has_at_least_one_day() -> None:
    check_season(date(2026, 9, 1), date(2026, 9, 1))
    with pytest.raises(EndsBeforeItStarts):
        check_season(date(2026, 9, 1), date(2026, 8, 31))


@pytest.mark.parametrize("indicator", ["", " ", "\t\n"])
def test_an_objective_needs_an_indicator(indicator: str) -> None:
    check_objectives([])
    check_objectives(["mixed sessions"])
    with pytest.raises(ObjectiveWithoutIndicator):
        check_objectives(["mixed sessions", indicator])


@pytest.mark.parametrize("field", sorted(PROMISES))
def test_what_is_published_is_promised(field: str) -> None:
    check_terms_change(published=False, changed=[field])
    check_terms_change(published=True, changed=["title", "description", "audience"])
    with pytest.raises(TermsArePublished, match=field):
        check_terms_change(published=True, changed=["title", field])


TERMS = CancellationTerms((RefundStep(24, 100), RefundStep(168, 50), RefundStep(2, 25)), excused_percent=50)


@pytest.mark.parametrize(
    ("hours", "percent"), [(200, 100), (168, 100), (24, 100), (23.99, 25), (2, 25), (1.99, 0), (0, 0), (-5, 0)]
)
def test_the_best_step_that_was_reached_counts(hours: float, percent: int) -> None:
    assert TERMS.percent_at(hours) == percent


def test_terms_without_steps_give_nothing_back() -> None:
    assert CancellationTerms((), 0).percent_at(10_000) == 0


@given(
    st.lists(st.builds(RefundStep, st.integers(0, 8_760), st.integers(0, 100)), max_size=10),
    st.floats(-100, 10_000),
    st.floats(0, 1_000),
)
def test_who_cancels_earlier_never_gets_less(steps: list[RefundStep], hours: float, earlier: float) -> None:
    terms = CancellationTerms(tuple(steps), 0)
    assert 0 <= terms.percent_at(hours) <= terms.percent_at(hours + earlier) <= 100
