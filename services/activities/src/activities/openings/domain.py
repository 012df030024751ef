"""May a session be opened today? Every rule of its day is judged, and each says what to do when it fails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta

from activities.sessions.domain import SessionState, check_scheduled


class Rule(StrEnum):
    """What may be asked for before a session is opened."""

    risk_sheet_reviewed = "risk_sheet_reviewed"
    checklist_ticked = "checklist_ticked"
    supervisors_present = "supervisors_present"
    first_aider = "first_aider"


class Effect(StrEnum):
    """What a rule that fails does."""

    block = "block"
    warn = "warn"


class NotTheDay(Exception):
    """A session is opened on its day, before it ends."""


class OpenedBefore(Exception):
    """The session is open already."""


class SafetyRuleFails(Exception):
    """A safety rule forbids opening the session."""


class NothingToOverride(Exception):
    """No safety rule stands in the way, so no reason is needed."""


@dataclass(frozen=True)
class DatedRule:
    """A rule as it holds on the session's day."""

    rule: Rule
    effect: Effect
    value: Mapping[str, Any]
    source: str
    status: str


@dataclass(frozen=True)
class Supervision:
    """How many supervisors a session needs and has, as last heard of."""

    is_short: bool
    supervisors_needed: int
    qualified_needed: int
    supervisors_present: int
    qualified_present: int


@dataclass(frozen=True)
class Circumstances:
    """What the rules look at; `supervision` is None as long as nobody was found missing."""

    on: date
    reviewed_on: date | None
    not_ticked: Sequence[str]
    supervision: Supervision | None
    has_first_aider: bool


@dataclass(frozen=True)
class Finding:
    """What one rule says; `facts` are what it looked at, `explanation` what to do, in English."""

    rule: Rule
    effect: Effect
    is_met: bool
    explanation: str
    facts: Mapping[str, Any]
    source: str
    status: str

    @property
    def blocks(self) -> bool:
        """True when the session cannot be opened for it."""
        return not self.is_met and self.effect is Effect.block


def judge(rules: Sequence[DatedRule], found: Circumstances) -> list[Finding]:
    """What every rule says, in the order of the rules."""
    return [_judge_one(rule, found) for rule in rules]


def _judge_one(rule: DatedRule, found: Circumstances) -> Finding:
    judges = {
        Rule.risk_sheet_reviewed: _risk_sheet,
        Rule.checklist_ticked: _checklist,
        Rule.supervisors_present: _supervisors,
        Rule.first_aider: _first_aider,
    }
    is_met, explanation, facts = judges[rule.rule](rule, found)
    return Finding(rule.rule, rule.effect, is_met, explanation, facts, rule.source, rule.status)


def _risk_sheet(rule: DatedRule, found: Circumstances) -> tuple[bool, str, dict[str, Any]]:
    months = int(rule.value["months"])
    facts = {"reviewed_on": found.reviewed_on and found.reviewed_on.isoformat(), "months": months}
    if found.reviewed_on is None:
        return False, "The activity has no risk sheet: write one.", facts
    is_met = found.reviewed_on + relativedelta(months=months) >= found.on
    return is_met, f"The risk sheet was reviewed on {found.reviewed_on}: review it every {months} months.", facts


def _checklist(_rule: DatedRule, found: Circumstances) -> tuple[bool, str, dict[str, Any]]:
    missing = "; ".join(found.not_ticked)
    return not found.not_ticked, f"Do and tick what is required: {missing}.", {"not_ticked": list(found.not_ticked)}


def _supervisors(_rule: DatedRule, found: Circumstances) -> tuple[bool, str, dict[str, Any]]:
    team = found.supervision
    if team is None or not team.is_short:
        return True, "Nobody is missing.", {}
    people = max(0, team.supervisors_needed - team.supervisors_present)
    qualified = max(0, team.qualified_needed - team.qualified_present)
    facts = {"missing": people, "qualified_missing": qualified}
    return (
        False,
        f"Find {people} more supervisors, and {qualified} more who are qualified, or take fewer people.",
        facts,
    )


def _first_aider(_rule: DatedRule, found: Circumstances) -> tuple[bool, str, dict[str, Any]]:
    return found.has_first_aider, "Have somebody with a first-aid certificate there, and say so.", {}


def check_can_open(
    state: SessionState, on: date, today: date, ends_at: datetime, now: datetime, *, is_open: bool
) -> None:
    """Raise SessionNotOpen, OpenedBefore or NotTheDay; `on` and `today` are days on the site's clock."""
    check_scheduled(state)
    if is_open:
        raise OpenedBefore("Somebody has opened this session.")
    if today < on or now >= ends_at:
        raise NotTheDay(f"This session is opened on its day, {on.isoformat()}, before it ends.")


def check_findings(findings: Collection[Finding], override_reason: str | None) -> None:
    """Raise SafetyRuleFails, naming every rule that blocks, unless there is a reason to pass them."""
    blocking = [finding for finding in findings if finding.blocks]
    if blocking and override_reason is None:
        raise SafetyRuleFails(" ".join(finding.explanation for finding in blocking))
    if override_reason is not None and not blocking:
        raise NothingToOverride("No safety rule stands in the way: open the session without a reason.")
