"""Until when one applies, how an application goes on, and how long it is kept."""

from __future__ import annotations

from datetime import date

import pytest

from staffing.recruitment.domain import (
    ApplicationIsDecided,
    ApplicationState,
    VacancyIsNotOpen,
    VacancyState,
    check_open,
    check_step,
    forget_on,
)

DAY = date(2026, 6, 30)


@pytest.mark.parametrize("apply_until", [None, DAY, date(2026, 7, 1)])
def test_one_applies_for_what_is_published_until_its_last_day(apply_until: date | None) -> None:
    check_open(VacancyState.published, apply_until, DAY)


@pytest.mark.parametrize(
    ("state", "apply_until"),
    [(VacancyState.draft, None), (VacancyState.closed, None), (VacancyState.published, date(2026, 6, 29))],
)
def test_nobody_applies_for_anything_else(state: VacancyState, apply_until: date | None) -> None:
    with pytest.raises(VacancyIsNotOpen):
        check_open(state, apply_until, DAY)


@pytest.mark.parametrize("following", ["accepted", "refused", "withdrawn"])
@pytest.mark.parametrize("state", ["received", "interview"])
def test_an_open_application_is_decided(state: str, following: str) -> None:
    check_step(ApplicationState(state), ApplicationState(following))


@pytest.mark.parametrize(
    ("state", "following"),
    [("accepted", "refused"), ("refused", "accepted"), ("withdrawn", "received"), ("interview", "received")],
)
def test_a_decided_application_stays_so(state: str, following: str) -> None:
    with pytest.raises(ApplicationIsDecided):
        check_step(ApplicationState(state), ApplicationState(following))


def test_only_what_is_decided_is_forgotten_one_day() -> None:
    kept = {state: forget_on(state, DAY) for state in ApplicationState}
    assert kept[ApplicationState.received] is None
    assert kept[ApplicationState.interview] is None
    assert kept[ApplicationState.refused] == date(2026, 12, 27)
