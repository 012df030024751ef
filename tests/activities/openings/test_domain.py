"""Which rules let a session be opened, and what they say when they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from activities.openings.domain import (
    Circumstances,
    DatedRule,
    Effect,
    NothingToOverride,
    NotTheDay,
    OpenedBefore,
    Rule,
    SafetyRuleFails,
    Supervision,
    check_can_open,
    check_findings,
    judge,
)
from activities.sessions.domain import SessionNotOpen, SessionState

DAY = date(2026, 11, 23)
ENDS_AT = datetime(2026, 11, 23, 16, tzinfo=UTC)
SAFE = Circumstances(DAY, DAY, (), None, has_first_aider=True)


def rule(name: Rule, effect: Effect = Effect.block) -> DatedRule:
    return DatedRule(name, effect, {"months": 12} if name is Rule.risk_sheet_reviewed else {}, "source", "own_choice")


ALL = [rule(name) for name in Rule]


def changed(**fields: object) -> Circumstances:
    return Circumstances(**{**vars(SAFE), **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "failing", "says"),
    [
        (SAFE, None, ""),
        (changed(reviewed_on=None), Rule.risk_sheet_reviewed, "no risk sheet"),
        (changed(reviewed_on=date(2025, 11, 22)), Rule.risk_sheet_reviewed, "2025-11-22"),
        (changed(reviewed_on=date(2025, 11, 23)), None, ""),
        (changed(not_ticked=["Exits are free"]), Rule.checklist_ticked, "Exits are free"),
        (changed(supervision=Supervision(True, 4, 2, 3, 0)), Rule.supervisors_present, "1 more supervisors, and 2"),
        (changed(supervision=Supervision(False, 4, 2, 4, 2)), None, ""),
        (changed(has_first_aider=False), Rule.first_aider, "first-aid"),
    ],
)
def test_a_rule_that_fails_is_named_and_says_what_to_do(found: Circumstances, failing: Rule | None, says: str) -> None:
    findings = judge(ALL, found)
    assert [finding.rule for finding in findings if not finding.is_met] == ([failing] if failing else [])
    if failing is None:
        check_findings(findings, None)
        with pytest.raises(NothingToOverride):
            check_findings(findings, "There is a good reason")
    else:
        with pytest.raises(SafetyRuleFails, match=says):
            check_findings(findings, None)
        check_findings(findings, "There is a good reason")


def test_a_rule_that_warns_blocks_nobody_and_one_that_is_not_there_says_nothing() -> None:
    found = changed(has_first_aider=False, reviewed_on=None)
    findings = judge([rule(Rule.first_aider, Effect.warn)], found)
    assert [(finding.is_met, finding.blocks) for finding in findings] == [(False, False)]
    check_findings(findings, None)
    assert judge([], found) == []


def test_a_session_is_opened_once_on_its_day_before_it_ends() -> None:
    noon = ENDS_AT - timedelta(hours=4)
    check_can_open(SessionState.scheduled, DAY, DAY, ENDS_AT, noon, is_open=False)
    with pytest.raises(NotTheDay):
        check_can_open(SessionState.scheduled, DAY, DAY - timedelta(days=1), ENDS_AT, noon, is_open=False)
    with pytest.raises(NotTheDay):
        check_can_open(SessionState.scheduled, DAY, DAY, ENDS_AT, ENDS_AT, is_open=False)
    with pytest.raises(OpenedBefore):
        check_can_open(SessionState.scheduled, DAY, DAY, ENDS_AT, noon, is_open=True)
    with pytest.raises(SessionNotOpen):
        check_can_open(SessionState.cancelled, DAY, DAY, ENDS_AT, noon, is_open=False)
