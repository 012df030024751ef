"""People for a session that asks for everything at once: who is taken, or why nobody can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from staffing.hours.domain import Finding
from staffing.qualifications.domain import QualificationKind
from staffing.shifts.domain import Candidate, ShiftRole, is_allowed

ALTERNATIVES_MAX = 5
PAPERS_BY_OTHER_NAMES = {
    "bafa": QualificationKind.animator_certificate,
    "bacv": QualificationKind.animator_certificate,
}


class HoldState(StrEnum):
    """What became of a version of a hold."""

    held = "held"
    refused = "refused"
    confirmed = "confirmed"
    released = "released"


@dataclass(frozen=True)
class Wish:
    """How many people are wanted in a role, those named among them."""

    role: str
    count: int
    qualification: str | None
    person_ids: tuple[UUID, ...]

    @property
    def shift_role(self) -> ShiftRole:
        """The role as a shift knows it; what it does not know is a helper, who counts for nothing."""
        return ShiftRole(self.role) if self.role in set(ShiftRole) else ShiftRole.helper

    @property
    def required(self) -> QualificationKind | None:
        """The paper that is asked for. Raises ValueError when no paper has this name."""
        if self.qualification is None:
            return None
        return PAPERS_BY_OTHER_NAMES.get(self.qualification.lower()) or QualificationKind(self.qualification)


@dataclass(frozen=True)
class Refusal:
    """Why a role cannot be filled, and who could do it instead."""

    role: str
    reason: str
    explanation: str
    alternatives: tuple[UUID, ...] = ()


REASONS = {
    "clash": "clash",
    "leave": "on_leave",
    "papers": "not_qualified",
    "daily_rest": "rest_too_short",
    "weekly_rest": "rest_too_short",
    "daily_hours": "too_many_hours",
    "weekly_hours": "too_many_hours",
    "same_task": "employee_and_volunteer",
    "volunteer_day_ceiling": "ceiling_reached",
    "volunteer_year_ceiling": "ceiling_reached",
}
"""Findings as the coordinator of the hold names them; any other is that somebody is not available."""


def choose(
    wish: Wish, judged: Sequence[tuple[Candidate, Sequence[Finding]]], earlier: Collection[UUID]
) -> tuple[UUID, ...] | Refusal:
    """Those who are named, then the freest: who was held before, fewest warnings, fewest other duties, by id."""
    findings = {candidate.person_id: found for candidate, found in judged}
    free = [item for item in judged if is_allowed(item[1])]
    free.sort(key=lambda it: (it[0].person_id not in earlier, len(it[1]), len(it[0].busy), it[0].person_id))
    others = [candidate.person_id for candidate, _ in free if candidate.person_id not in wish.person_ids]
    for person_id in wish.person_ids:
        if person_id not in findings:
            told = "Does not work here on this day."
            return Refusal(wish.role, "unknown_person", told, tuple(others[:ALTERNATIVES_MAX]))
        if not is_allowed(findings[person_id]):
            return _refused(wish, findings[person_id], others)
    chosen = (*wish.person_ids, *others[: max(0, wish.count - len(wish.person_ids))])
    if len(chosen) < wish.count:
        told = f"{len(chosen)} of {wish.count} people can come."
        return Refusal(wish.role, "nobody_found", told, chosen[:ALTERNATIVES_MAX])
    return chosen


def _refused(wish: Wish, findings: Sequence[Finding], others: Sequence[UUID]) -> Refusal:
    first = findings[0]
    reason = REASONS.get(first.rule, "not_available")
    return Refusal(wish.role, reason, first.explanation, tuple(others[:ALTERNATIVES_MAX]))
