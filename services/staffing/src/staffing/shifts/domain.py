"""Shifts that need people, and whether somebody may do one: clash, papers, leave, windows and rules of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from staffing.coverage.domain import Engagement
from staffing.coverage.domain import Qualification as SupervisorQualification
from staffing.hours.domain import Effect, Finding, RuleName, Span, WorkRule, engagement_of, judge_times
from staffing.people.domain import PersonKind, Presence, Window, presence
from staffing.qualifications.domain import Paper, QualificationKind, held_on

SHIFT_LENGTH_MAX = timedelta(days=7)
"""A camp is a shift for each day or week, not one for a season."""
JUDGED_AROUND = timedelta(days=8)
"""How far from a shift other duties matter to it: a week, and a night's rest on both sides."""


class ShiftRole(StrEnum):
    """What somebody does on a shift."""

    animator = "animator"
    coordinator = "coordinator"
    helper = "helper"
    instructor = "instructor"
    first_aider = "first_aider"
    driver = "driver"


SUPERVISING = frozenset({ShiftRole.animator, ShiftRole.coordinator})
"""Roles that count for the supervision of a session; outside instructors do not (France), nor do helpers."""


class ShiftState(StrEnum):
    """Whether a shift takes place."""

    planned = "planned"
    cancelled = "cancelled"


class AssignmentState(StrEnum):
    """How firmly somebody is on a shift; the first two keep him from being elsewhere."""

    held = "held"
    assigned = "assigned"
    released = "released"


class ShiftNotFound(Exception):
    """No shift with this id is known to the caller."""


class AssignmentNotFound(Exception):
    """No assignment with this id is known to the caller."""


class SessionNotKnown(Exception):
    """No session with this id is known to the caller, or it is not one to plan for."""


class ShiftIsCancelled(Exception):
    """Nobody is assigned to a shift that will not take place."""


class ShiftIsFull(Exception):
    """Every place of the shift is taken."""


class ShiftIsNotOpen(Exception):
    """Nobody signs up by himself for a shift that is not open."""


class ShiftIsOver(Exception):
    """What has begun cannot be given back or taken over."""


class AssignmentIsReleased(Exception):
    """Who was released from a shift is not released again."""


class MayNotLeave(Exception):
    """Who works for pay does not take himself off a shift."""


class PlacesAreTaken(Exception):
    """More people are assigned than would have a place."""


class TimesAreReversed(Exception):
    """The end is not after the start."""


class ShiftIsTooLong(Exception):
    """A shift lasts at most a week."""


class MayNotBeAssigned(Exception):
    """A rule forbids the assignment; carries every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(finding.explanation for finding in findings if finding.effect is Effect.block))
        self.findings = tuple(findings)


class NeedsReason(Exception):
    """A rule warns: the assignment needs a reason that is kept; carries every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(finding.explanation for finding in findings if finding.effect is Effect.warn))
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Duty:
    """A shift as a check sees it; `activity_id` is the task that nobody does for pay and for nothing."""

    shift_id: UUID
    role: ShiftRole
    required: frozenset[QualificationKind]
    span: Span
    zone: ZoneInfo
    activity_id: UUID | None = None

    @property
    def day(self) -> date:
        """The local day on which it begins, whose rules and papers count."""
        return self.span.starts_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The local day on which it ends; midnight still belongs to the day before."""
        return (self.span.ends_at - timedelta(microseconds=1)).astimezone(self.zone).date()


@dataclass(frozen=True)
class Candidate:
    """Somebody as a check sees him; `busy` are his duties in all associations, `away` his leave, both days included."""

    person_id: UUID
    display_name: str
    kind: PersonKind
    started_on: date
    ended_on: date | None
    windows: tuple[Window, ...] = ()
    away: tuple[tuple[date, date], ...] = ()
    papers: tuple[Paper, ...] = ()
    busy: tuple[Span, ...] = ()
    paid_activities: frozenset[UUID] = frozenset()
    unpaid_activities: frozenset[UUID] = frozenset()

    def with_duty(self, span: Span) -> Candidate:
        """The same person with one more duty."""
        return replace(self, busy=(*self.busy, span))


def judge(duty: Duty, candidate: Candidate, rules: Iterable[WorkRule]) -> list[Finding]:
    """Everything that speaks against an assignment, blocks first; nothing means that it is fine."""
    rules = list(rules)
    findings = [
        *_judge_presence(duty, candidate),
        *_judge_papers(duty, candidate),
        *judge_times(rules, candidate.kind, candidate.busy, duty.span, duty.zone),
        *_judge_task(duty, candidate, rules),
    ]
    return sorted(findings, key=lambda finding: finding.effect is not Effect.block)


def _judge_presence(duty: Duty, candidate: Candidate) -> list[Finding]:
    findings = []
    if duty.day < candidate.started_on or (candidate.ended_on is not None and duty.last_day > candidate.ended_on):
        findings.append(Finding("not_here_then", Effect.block, "Does not work here on this day."))
    clash = next((span for span in candidate.busy if span.overlaps(duty.span)), None)
    if clash is not None:
        moments = (clash.starts_at.astimezone(duty.zone), clash.ends_at.astimezone(duty.zone))
        facts = {"starts_at": moments[0].isoformat(), "ends_at": moments[1].isoformat()}
        findings.append(Finding("clash", Effect.block, f"Is on duty {_shown(clash, duty.zone)}.", facts=facts))
    leave = next((days for days in candidate.away if days[0] <= duty.last_day and duty.day <= days[1]), None)
    if leave is not None:
        facts = {"first_on": leave[0].isoformat(), "last_on": leave[1].isoformat()}
        findings.append(Finding("leave", Effect.block, f"Is away from {leave[0]} to {leave[1]}.", facts=facts))
    said = presence(candidate.windows, duty.span.starts_at, duty.span.ends_at, duty.zone)
    if said is Presence.unavailable:
        findings.append(Finding("unavailable", Effect.block, "Says not to be available at this time."))
    elif said is Presence.outside:
        findings.append(Finding("outside_windows", Effect.warn, "Is usually available at other times."))
    return findings


def _judge_papers(duty: Duty, candidate: Candidate) -> list[Finding]:
    valid = held_on(candidate.papers, duty.day) & held_on(candidate.papers, duty.last_day)
    return [
        Finding("papers", Effect.block, f"Has no valid {kind.replace('_', ' ')} on this day.", facts={"kind": kind})
        for kind in sorted(duty.required - valid)
    ]


def _judge_task(duty: Duty, candidate: Candidate, rules: Iterable[WorkRule]) -> list[Finding]:
    """Nobody is employee and volunteer for the same activity of an association, where a rule says so."""
    is_unpaid = engagement_of(candidate.kind) is Engagement.volunteer
    others = candidate.paid_activities if is_unpaid else candidate.unpaid_activities
    if duty.activity_id is None or duty.activity_id not in others:
        return []
    return [
        Finding(rule.name, rule.effect, "Does this activity both for pay and as a volunteer.", rule.citation)
        for rule in rules
        if rule.name is RuleName.same_task and rule.holds(candidate.kind, duty.day)
    ]


def check_assignment(findings: Sequence[Finding], because: str | None) -> None:
    """Raises MayNotBeAssigned when something blocks, NeedsReason when something warns and no reason is given."""
    if any(finding.effect is Effect.block for finding in findings):
        raise MayNotBeAssigned(findings)
    if any(finding.effect is Effect.warn for finding in findings) and not because:
        raise NeedsReason(findings)


def is_allowed(findings: Iterable[Finding]) -> bool:
    """True when nothing blocks."""
    return not any(finding.effect is Effect.block for finding in findings)


def supervisor_qualification(papers: Iterable[Paper], day: date) -> SupervisorQualification:
    """What somebody's papers are worth for the supervision of children on a day."""
    held = held_on(papers, day)
    if held & {QualificationKind.animator_certificate, QualificationKind.coordinator_certificate}:
        return SupervisorQualification.qualified
    if QualificationKind.animator_in_training in held:
        return SupervisorQualification.in_training
    return SupervisorQualification.unqualified


def _shown(span: Span, zone: ZoneInfo) -> str:
    starts, ends = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
    return f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}"
