"""What another association is told of somebody, and who can be asked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from staffing.hours.domain import Effect, Finding
from staffing.lending.domain import NOT_FREE, MayNotBeAsked, Neighbour, as_told, check_may_be_asked
from staffing.people.domain import PersonKind
from staffing.shifts.domain import Candidate

ANNA, BORIS = UUID(int=1), UUID(int=2)
WARNING = Finding("outside_windows", Effect.warn, "Is usually available at other times.")
PAPERS = Finding("papers", Effect.block, "Has no valid first aid on this day.")


def neighbour(person_id: UUID, *findings: Finding, has_account: bool = True) -> Neighbour:
    candidate = Candidate(person_id, "Anna", PersonKind.volunteer, date(2026, 1, 1), None)
    return Neighbour(candidate, UUID(int=9), has_account, findings)


@pytest.mark.parametrize("rule", ["clash", "leave", "unavailable", "not_here_then"])
def test_why_somebody_is_not_free_is_not_told(rule: str) -> None:
    findings = [Finding(rule, Effect.block, "Is away from 2026-07-01 to 2026-07-14."), WARNING]
    assert as_told(findings) == (NOT_FREE, WARNING)


def test_two_reasons_for_not_being_free_are_told_as_one() -> None:
    twice = [Finding("clash", Effect.block, "Is on duty."), Finding("leave", Effect.block, "Is away."), PAPERS]
    assert as_told(twice) == (NOT_FREE, PAPERS)


def test_what_the_consent_covers_is_told() -> None:
    assert as_told([PAPERS, WARNING]) == (PAPERS, WARNING)


def test_only_who_could_come_and_can_answer_is_asked() -> None:
    check_may_be_asked([ANNA], [neighbour(ANNA, WARNING), neighbour(BORIS, PAPERS)])
    for refused in (neighbour(BORIS, PAPERS), neighbour(BORIS, has_account=False)):
        with pytest.raises(MayNotBeAsked):
            check_may_be_asked([ANNA, BORIS], [neighbour(ANNA), refused])
    with pytest.raises(MayNotBeAsked):
        check_may_be_asked([ANNA], [])
