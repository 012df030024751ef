"""The rota of a week: shifts with how well they are covered, and proposals for those that are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.findings.domain import Finding, finding_of
from portal.home_zone import HOME_ZONE
from portal.shifts.domain import Shift

WORRYING = ("none", "short")


def count_missing(shifts: Iterable[Shift]) -> int:
    """How many people all of them still need."""
    return sum(shift.missing for shift in shifts if not shift.is_cancelled)


def moments_of(on: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends; one that ends before its start does so on the next day."""
    last_on = on if ends > starts else on + timedelta(days=1)
    return datetime.combine(on, starts, zone), datetime.combine(last_on, ends, zone)


def moments_of_week(monday: date) -> tuple[datetime, datetime]:
    """The first moment of a week at home, and that of the next."""
    from_at = datetime.combine(monday, time(), HOME_ZONE)
    return from_at, from_at + timedelta(days=7)


@dataclass(frozen=True)
class Reason:
    """Why somebody is not proposed, or could not be assigned any more."""

    person_id: str
    finding: Finding


def reason_of(answer: Mapping[str, Any]) -> Reason:
    """A reason that the staffing service gives."""
    return Reason(answer["person_id"], finding_of(answer))


@dataclass(frozen=True)
class ProposedShift:
    """Who is proposed for one shift, and why the others are not."""

    shift: Shift
    proposed: Sequence[str]
    missing: int
    not_proposed: Sequence[Reason]


@dataclass(frozen=True)
class Proposal:
    """A proposed rota; ids of people are theirs at the staffing service."""

    id: str
    state: str
    shifts: Sequence[ProposedShift]

    @property
    def is_being_made(self) -> bool:
        """True until the worker has answered."""
        return self.state == "requested"

    @property
    def proposed_count(self) -> int:
        """How many people it would assign."""
        return sum(len(one.proposed) for one in self.shifts)


def proposal_of(answer: Mapping[str, Any], shifts: Mapping[str, Shift]) -> Proposal:
    """The proposal that the staffing service tells of; shifts that are gone meanwhile are left out."""
    found = [
        ProposedShift(
            shifts[one["shift_id"]],
            one["proposed"],
            one["missing"],
            [reason_of(other) for other in one["not_proposed"]],
        )
        for one in answer["shifts"]
        if one["shift_id"] in shifts
    ]
    found.sort(key=lambda one: (one.shift.starts_at, one.shift.id))
    return Proposal(answer["id"], answer["state"], found)
