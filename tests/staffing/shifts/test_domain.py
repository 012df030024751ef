"""Whether somebody may do a shift: each reason against it by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from staffing.coverage.domain import RuleStatus
from staffing.hours.domain import Effect, Finding, RuleName, Span, WorkRule
from staffing.people.domain import AvailabilityKind, PersonKind, Window
from staffing.qualifications.domain import Paper, QualificationKind
from staffing.shifts.domain import (
    Candidate,
    Duty,
    MayNotBeAssigned,
    NeedsReason,
    ShiftRole,
    check_assignment,
    judge,
    supervisor_qualification,
)

BRUSSELS = ZoneInfo("Europe/Brussels")
WORKSHOP = UUID(int=7)
CERTIFICATE = QualificationKind.animator_certificate
AICHA = Candidate(
    person_id=UUID(int=1),
    display_name="Aïcha",
    kind=PersonKind.volunteer,
    started_on=date(2025, 9, 1),
    ended_on=None,
    papers=(Paper(CERTIFICATE, date(2020, 1, 1), date(2026, 11, 25), True),),
)
SAME_TASK = WorkRule(
    "BE", RuleName.same_task, {}, Effect.block, frozenset(PersonKind), None, None, "https://example.org",
    RuleStatus.verified,
)  # fmt: skip


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=BRUSSELS).astimezone(UTC)


def duty(day: int = 25, first: int = 14, last: int = 16) -> Duty:
    ends_at = at(day, last) if last < 24 else at(day + 1, last - 24)
    return Duty(
        UUID(int=5), ShiftRole.animator, frozenset({CERTIFICATE}), Span(at(day, first), ends_at), BRUSSELS, WORKSHOP
    )


@pytest.mark.parametrize(
    ("changes", "wanted", "rules"),
    [
        ({}, duty(), []),
        ({"busy": (Span(at(25, 12), at(25, 14)), Span(at(25, 16), at(25, 18)))}, duty(), []),  # Back to back is fine
        ({"busy": (Span(at(25, 15), at(25, 18)),)}, duty(), ["clash"]),
        ({"away": ((date(2026, 11, 20), date(2026, 11, 25)),)}, duty(), ["leave"]),
        ({"away": ((date(2026, 11, 20), date(2026, 11, 24)),)}, duty(), []),
        ({"away": ((date(2026, 11, 24), date(2026, 11, 24)),)}, duty(23, 22, 26), ["leave"]),
        ({"away": ((date(2026, 11, 24), date(2026, 11, 24)),)}, duty(23, 22, 24), []),
        ({"papers": ()}, duty(), ["papers"]),
        ({}, duty(26), ["papers"]),  # Expired the day before
        ({}, duty(25, 22, 26), ["papers"]),  # Expires while the shift goes on
        ({"ended_on": date(2026, 11, 24)}, duty(), ["not_here_then"]),
        ({"started_on": date(2026, 11, 26)}, duty(), ["not_here_then"]),
        ({"windows": (Window(2, 840, 960, AvailabilityKind.available),)}, duty(), []),
        ({"windows": (Window(2, 840, 900, AvailabilityKind.available),)}, duty(), ["outside_windows"]),
        ({"windows": (Window(2, 840, 900, AvailabilityKind.unavailable),)}, duty(), ["unavailable"]),
        ({"paid_activities": frozenset({WORKSHOP})}, duty(), ["same_task"]),
        ({"paid_activities": frozenset({UUID(int=8)})}, duty(), []),
        ({"unpaid_activities": frozenset({WORKSHOP})}, duty(), []),
        ({"kind": PersonKind.employee, "unpaid_activities": frozenset({WORKSHOP})}, duty(), ["same_task"]),
    ],
)
def test_what_speaks_against_an_assignment(changes: dict[str, Any], wanted: Duty, rules: list[str]) -> None:
    assert [finding.rule for finding in judge(wanted, replace(AICHA, **changes), [SAME_TASK])] == rules


def test_blocks_come_first() -> None:
    candidate = replace(AICHA, papers=(), windows=(Window(0, 0, 60, AvailabilityKind.available),))
    assert [finding.effect for finding in judge(duty(), candidate, [])] == ["block", "warn"]


def test_a_block_cannot_be_passed_and_a_warning_wants_a_reason() -> None:
    note, warning, block = (Finding("x", Effect(effect), f"It is a {effect}.") for effect in ("note", "warn", "block"))
    check_assignment([note], None)
    check_assignment([note, warning], "she said yes on the telephone")
    with pytest.raises(NeedsReason, match=r"It is a warn\."):
        check_assignment([note, warning], None)
    with pytest.raises(MayNotBeAssigned, match=r"It is a block\.") as refused:
        check_assignment([block, warning], "she said yes on the telephone")
    assert refused.value.findings == (block, warning)


@pytest.mark.parametrize(
    ("kinds", "worth"),
    [
        ((), "unqualified"),
        (("first_aid",), "unqualified"),
        (("animator_in_training",), "in_training"),
        (("animator_in_training", "animator_certificate"), "qualified"),
        (("coordinator_certificate",), "qualified"),
    ],
)
def test_what_papers_are_worth_for_supervision(kinds: tuple[str, ...], worth: str) -> None:
    papers = [Paper(QualificationKind(kind), date(2020, 1, 1), None, True) for kind in kinds]
    assert supervisor_qualification(papers, date(2026, 11, 25)) == worth
