"""Somebody cannot come: who is asked instead, in which order, and who must be telephoned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from staffing.hours.domain import Finding, WorkRule
from staffing.shifts.domain import Candidate, Duty, is_allowed, judge

ASKED_MAX = 5


class RequestState(StrEnum):
    """How far the search for a substitute has come."""

    open = "open"
    filled = "filled"
    withdrawn = "withdrawn"


class RequestNotFound(Exception):
    """No search for a substitute with this id is known to the caller."""


class RequestIsClosed(Exception):
    """Somebody else was quicker, or nobody is needed any more."""


class AlreadySought(Exception):
    """Somebody is sought for this duty, or it is offered in exchange, already."""


class NotAsked(Exception):
    """Only who was asked takes over by himself."""


class DutiesChanged(Exception):
    """Somebody got one more duty while his duties were being locked."""


class NotYours(Exception):
    """Duties are exchanged for one's own only."""


@dataclass(frozen=True)
class HourCost:
    """What an hour of somebody costs the association; nothing while nobody has said so."""

    minor: int | None
    currency: str


def extra_cost_minor(absent: HourCost, substitute: HourCost, length: timedelta) -> int:
    """What a substitute costs more for a shift, to the nearest minor unit; 0 when he costs no more.

    Costs in two currencies are not compared: whoever is absent then counts as costing nothing.
    """
    spared = (absent.minor or 0) if absent.currency == substitute.currency else 0
    more_by_hour = max(0, (substitute.minor or 0) - spared)
    seconds = round(length.total_seconds())
    return (more_by_hour * seconds * 2 + 3600) // 7200


@dataclass(frozen=True)
class Asked:
    """Somebody who could take over, with what the rules say beside it."""

    person_id: UUID
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Exchange:
    """A duty with who has it, as one of the two sides of an exchange."""

    assignment_id: UUID
    person_id: UUID
    duty: Duty


def possible_exchanges(
    own: Exchange, others: Iterable[Exchange], people: Mapping[UUID, Candidate], rules: Sequence[WorkRule]
) -> list[Exchange]:
    """The duties whose holders may do one's own, while one may do theirs; the earliest first."""
    found = [
        other
        for other in others
        if _may_change(people.get(own.person_id), own.duty, other.duty, rules)
        and _may_change(people.get(other.person_id), other.duty, own.duty, rules)
    ]
    return sorted(found, key=lambda one: (one.duty.span.starts_at, one.assignment_id))


def _may_change(person: Candidate | None, given: Duty, taken: Duty, rules: Sequence[WorkRule]) -> bool:
    if person is None:
        return False
    busy = tuple(span for span in person.busy if span != given.span)
    return is_allowed(judge(taken, replace(person, busy=busy), rules))


def choose_substitutes(
    judged: Iterable[tuple[Candidate, Sequence[Finding]]], without: UUID, asked_max: int = ASKED_MAX
) -> list[Asked]:
    """Those who may take over, the freest first: fewest warnings, then fewest other duties, then by id."""
    allowed = [
        (candidate, findings)
        for candidate, findings in judged
        if candidate.person_id != without and is_allowed(findings)
    ]
    allowed.sort(key=lambda item: (len(item[1]), len(item[0].busy), item[0].person_id))
    return [Asked(candidate.person_id, tuple(findings)) for candidate, findings in allowed[:asked_max]]
