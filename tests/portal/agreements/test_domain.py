"""What runs out, who signs for whom, and how a draft fills its form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.agreements.domain import agreement_of, fields_of, may_sign, ordered, unsigned_sides
from tests.portal import answers

DIRECTOR, COORDINATOR = frozenset({"director"}), frozenset({"coordinator"})


@pytest.mark.parametrize(
    ("change", "today", "runs_out", "is_over"),
    [
        ({"state": "signed"}, date(2091, 3, 31), False, False),
        ({"state": "signed"}, date(2091, 4, 1), True, False),
        ({"state": "signed"}, date(2091, 6, 30), True, False),
        ({"state": "signed"}, date(2091, 7, 1), False, True),
        ({"state": "sent"}, date(2091, 4, 1), False, False),
        ({"state": "signed", "ends_on": None}, date(2099, 1, 1), False, False),
    ],
)
def test_the_alarm_rings_between_its_day_and_the_end(
    change: dict[str, Any], today: date, runs_out: bool, is_over: bool
) -> None:
    agreement = agreement_of(answers.agreement(**change), today)
    assert (agreement.runs_out, agreement.is_over) == (runs_out, is_over)


def test_what_wants_something_comes_first() -> None:
    states = ["ended", "signed", "draft", "sent"]
    found = [agreement_of(answers.agreement(state=state), date(2090, 9, 1)) for state in states]
    late = agreement_of(answers.agreement(state="signed"), date(2091, 5, 1))
    assert [one.state for one in ordered([*found, late])] == ["signed", "sent", "draft", "signed", "ended"]


@pytest.mark.parametrize(
    ("own_id", "roles", "state", "sides"),
    [
        (answers.HOUSE, DIRECTOR, "sent", [answers.HOME]),
        (answers.HOME, DIRECTOR, "sent", [answers.HOME]),
        (answers.HALL, DIRECTOR, "sent", []),
        (answers.HOME, COORDINATOR, "sent", []),
        (answers.HOUSE, DIRECTOR, "draft", []),
    ],
)
def test_leaders_sign_for_their_side_and_the_keeper_records_paper(
    own_id: str, roles: frozenset[str], state: str, sides: list[str]
) -> None:
    answer = answers.agreement(state=state)
    agreement = agreement_of(answer, date(2090, 9, 1))
    assert may_sign(agreement, unsigned_sides(agreement, answer["signatures"]), own_id, roles) == sides


def test_a_draft_fills_its_form() -> None:
    values = fields_of(answers.agreement())
    assert (values["amount-0"], values["amount-1"], values["by-1"]) == ("", "1500.50", answers.HOME)
    assert values[f"partner-{answers.HOME}"] == "on"
