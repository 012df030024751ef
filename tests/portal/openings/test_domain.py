"""What stands between a session and its opening."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from portal.openings.domain import is_opening_day, readiness_of
from portal.sessions.domain import session_of
from tests.portal import answers

SESSION = session_of(answers.session())


def finding(rule: str, **facts: Any) -> dict[str, Any]:
    told = {"effect": "block", "explanation": "", "source": "", "status": "own_choice", "is_met": False}
    return {**told, "rule": rule, "facts": facts}


def test_a_rule_that_fails_blocks_but_who_opens_answers_for_first_aid() -> None:
    sheet, first_aid = finding("risk_sheet_reviewed", reviewed_on="2089-01-02"), finding("first_aider")
    readiness = readiness_of(answers.readiness(findings=[sheet, first_aid]), SESSION)
    assert [one.rule for one in readiness.blocking] == ["risk_sheet_reviewed"]
    assert readiness.findings[0].facts == {"reviewed_on": date(2089, 1, 2)}
    assert readiness.asks_for_first_aider


def test_a_warning_blocks_nobody() -> None:
    warns = {**finding("checklist_ticked", not_ticked=["a"]), "effect": "warn"}
    assert readiness_of(answers.readiness(findings=[warns]), SESSION).blocking == []


def test_a_session_is_opened_on_its_day_until_it_ends() -> None:
    assert is_opening_day(SESSION, SESSION.starts_at)
    assert not is_opening_day(SESSION, SESSION.ends_at)
    assert not is_opening_day(SESSION, datetime(2026, 11, 23, tzinfo=UTC))
    assert not is_opening_day(session_of(answers.session(state="cancelled")), SESSION.starts_at)
