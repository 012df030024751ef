"""Which papers hold on which day."""

from __future__ import annotations

from datetime import date

import pytest

from staffing.qualifications.domain import Paper, QualificationKind, held_on

FIRST_AID = QualificationKind.first_aid


@pytest.mark.parametrize(
    ("paper", "holds"),
    [
        (Paper(FIRST_AID, date(2024, 5, 1), None, True), True),
        (Paper(FIRST_AID, date(2024, 5, 1), date(2026, 11, 23), True), True),
        (Paper(FIRST_AID, date(2024, 5, 1), date(2026, 11, 22), True), False),
        (Paper(FIRST_AID, date(2026, 11, 23), None, True), True),
        (Paper(FIRST_AID, date(2026, 11, 24), None, True), False),
        (Paper(FIRST_AID, date(2024, 5, 1), None, False), False),
    ],
)
def test_only_a_paper_that_was_seen_and_is_valid_on_the_day_counts(paper: Paper, holds: bool) -> None:
    assert held_on([paper], date(2026, 11, 23)) == ({FIRST_AID} if holds else set())


def test_a_renewed_paper_counts_once() -> None:
    papers = [
        Paper(FIRST_AID, date(2022, 1, 1), date(2024, 1, 1), True),
        Paper(FIRST_AID, date(2024, 1, 1), None, True),
    ]
    assert held_on(papers, date(2024, 1, 1)) == {FIRST_AID}
