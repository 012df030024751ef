"""A fair rota as a problem: what is hard, what is soft, and why somebody was not proposed. `outside` solves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from staffing.hours.domain import (
    Effect,
    Finding,
    RuleName,
    Span,
    WorkRule,
    day_of,
    elapsed,
    is_evening,
    is_weekend,
    week_of,
)
from staffing.people.domain import PersonKind, Presence, presence
from staffing.shifts.domain import Candidate, Duty, judge

UNFILLED_COST = 10_000
WARNING_COST = 30
NOT_PREFERRED_COST = 3
LOAD_COST = 4
EVENING_COST = 6
NOT_PROPOSED_WHEN = frozenset({"outside_windows"})
"""Warnings that a planner may overrule for somebody by name, but that no proposal does."""


class ProposalState(StrEnum):
    """How far a proposal has come."""

    requested = "requested"
    ready = "ready"
    failed = "failed"
    accepted = "accepted"


class ProposalNotFound(Exception):
    """No proposal with this id is known to the caller."""


class ProposalIsNotReady(Exception):
    """A proposal is accepted once, and not before it is there."""


class NothingToPropose(Exception):
    """No shift of the time has a free place, or nobody works here."""


@dataclass(frozen=True)
class Slot:
    """A shift with places that are still free."""

    duty: Duty
    missing: int


@dataclass(frozen=True)
class Limit:
    """Minutes that a set of slots may take together in a window; `fixed` minutes are taken already."""

    slots: Mapping[int, int]
    minutes_max: int
    fixed: int


@dataclass(frozen=True)
class RestWeek:
    """A week in which one of these free times must stay free; each names the slots that would break it."""

    choices: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Worker:
    """Somebody in the problem: which slots he may take at which cost, and which of them not together."""

    person_id: UUID
    costs: Mapping[int, int]
    evenings: frozenset[int]
    exclusive: tuple[frozenset[int], ...]
    limits: tuple[Limit, ...]
    rest_weeks: tuple[RestWeek, ...]


@dataclass(frozen=True)
class Rota:
    """The whole problem. Slots and workers are named by their place in these tuples."""

    slots: tuple[Slot, ...]
    workers: tuple[Worker, ...]
    refusals: Mapping[tuple[int, int], tuple[Finding, ...]] = field(default_factory=dict)
    """Why a worker (second) may not take a slot (first)."""


@dataclass(frozen=True)
class Solution:
    """Who takes what, as pairs of slot and worker; `gap` is how far it may be from the best, as a share."""

    pairs: tuple[tuple[int, int], ...]
    status: str
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """0 when nothing can be better."""
        return 0.0 if self.objective <= 0 else max(0.0, (self.objective - self.bound) / self.objective)


def pose(slots: Sequence[Slot], candidates: Sequence[Candidate], rules: Sequence[WorkRule]) -> Rota:
    """Turn shifts, people and rules into the problem."""
    refusals: dict[tuple[int, int], tuple[Finding, ...]] = {}
    workers = []
    together = {kind: exclusive_slots(slots, rules, kind) for kind in {candidate.kind for candidate in candidates}}
    for number, candidate in enumerate(candidates):
        costs: dict[int, int] = {}
        for index, slot in enumerate(slots):
            findings = judge(slot.duty, candidate, rules)
            against = [item for item in findings if item.effect is Effect.block or item.rule in NOT_PROPOSED_WHEN]
            if against:
                refusals[index, number] = tuple(against)
            else:
                costs[index] = _cost(slot.duty, candidate, findings)
        workers.append(_worker(candidate, costs, slots, rules, together[candidate.kind]))
    return Rota(tuple(slots), tuple(workers), refusals)


def _cost(duty: Duty, candidate: Candidate, findings: Iterable[Finding]) -> int:
    warnings = sum(finding.effect is Effect.warn for finding in findings)
    said = presence(candidate.windows, duty.span.starts_at, duty.span.ends_at, duty.zone)
    is_preferred = said is Presence.preferred or not candidate.windows
    return WARNING_COST * warnings + (0 if is_preferred else NOT_PREFERRED_COST)


def _worker(
    candidate: Candidate,
    costs: Mapping[int, int],
    slots: Sequence[Slot],
    rules: Sequence[WorkRule],
    together: Sequence[frozenset[int]],
) -> Worker:
    mine = frozenset(costs)
    late = (index for index in mine if is_late_or_weekend(slots[index].duty))
    return Worker(
        person_id=candidate.person_id,
        costs=costs,
        evenings=frozenset(late),
        exclusive=tuple(group for group in together if group <= mine),
        limits=tuple(_limits(candidate, mine, slots, rules)),
        rest_weeks=tuple(_rest_weeks(candidate, mine, slots, rules)),
    )


def is_late_or_weekend(duty: Duty) -> bool:
    """True for what is to be shared fairly: evenings and week-ends."""
    return is_evening(duty.span, duty.zone) or is_weekend(duty.span, duty.zone)


def exclusive_slots(slots: Sequence[Slot], rules: Sequence[WorkRule], kind: PersonKind) -> list[frozenset[int]]:
    """Pairs that overlap, and pairs and triples whose stretch leaves no daily rest within its 24 hours."""
    groups: list[frozenset[int]] = []
    linked: dict[int, list[int]] = {index: [] for index in range(len(slots))}
    order = sorted(range(len(slots)), key=lambda index: slots[index].duty.span)
    for first, second in combinations(order, 2):
        one, other = slots[first].duty, slots[second].duty
        if one.span.overlaps(other.span):
            groups.append(frozenset({first, second}))
            continue
        rest = _daily_rest(rules, kind, one)
        if rest is None or elapsed(one.span.ends_at, other.span.starts_at) >= rest[0]:
            continue
        if elapsed(one.span.starts_at, other.span.ends_at) > rest[1]:
            groups.append(frozenset({first, second}))
        else:
            linked[first].append(second)
    apart = set(groups)
    for first, seconds in linked.items():
        for second in seconds:
            groups += [
                frozenset({first, second, third})
                for third in linked[second]
                if frozenset({first, third}) not in apart
                and not _fits(slots[first].duty, slots[third].duty, rules, kind)
            ]
    return groups


def _fits(one: Duty, other: Duty, rules: Sequence[WorkRule], kind: PersonKind) -> bool:
    rest = _daily_rest(rules, kind, one)
    return rest is None or elapsed(one.span.starts_at, other.span.ends_at) <= rest[1]


def _daily_rest(rules: Sequence[WorkRule], kind: PersonKind, duty: Duty) -> tuple[timedelta, timedelta] | None:
    """The rest that is due, and how long a stretch without it may be; None when no rule blocks."""
    for rule in _blocking(rules, kind, duty, RuleName.daily_rest):
        rest = timedelta(hours=rule.value["hours"])
        return rest, timedelta(hours=rule.value["within_hours"]) - rest
    return None


def _blocking(rules: Sequence[WorkRule], kind: PersonKind, duty: Duty, *names: RuleName) -> list[WorkRule]:
    return [r for r in rules if r.name in names and r.effect is Effect.block and r.holds(kind, duty.day)]


def _limits(
    candidate: Candidate, mine: frozenset[int], slots: Sequence[Slot], rules: Sequence[WorkRule]
) -> Iterable[Limit]:
    """What days and weeks may sum to."""
    seen: set[tuple[RuleName, Span]] = set()
    for index in sorted(mine):
        duty = slots[index].duty
        for rule in _blocking(rules, candidate.kind, duty, RuleName.daily_hours, RuleName.weekly_hours):
            around = day_of if rule.name is RuleName.daily_hours else week_of
            window = around(duty.span.starts_at, duty.zone)
            if (rule.name, window) in seen:
                continue
            seen.add((rule.name, window))
            within = {other: _minutes(slots[other].duty.span, window) for other in sorted(mine)}
            taken = {other: minutes for other, minutes in within.items() if minutes}
            fixed = sum(_minutes(span, window) for span in candidate.busy)
            if sum(taken.values()) + fixed > rule.value["hours"] * 60:
                yield Limit(taken, int(rule.value["hours"] * 60), fixed)


def _minutes(span: Span, window: Span) -> int:
    if not span.overlaps(window):
        return 0
    shared = elapsed(max(span.starts_at, window.starts_at), min(span.ends_at, window.ends_at))
    return int(shared.total_seconds() // 60)


def _rest_weeks(
    candidate: Candidate, mine: frozenset[int], slots: Sequence[Slot], rules: Sequence[WorkRule]
) -> Iterable[RestWeek]:
    """For each week the free times that begin with it or with the end of a duty, and fit into it."""
    weeks: dict[Span, timedelta] = {}
    for index in sorted(mine):
        duty = slots[index].duty
        for rule in _blocking(rules, candidate.kind, duty, RuleName.weekly_rest):
            weeks[week_of(duty.span.starts_at, duty.zone)] = timedelta(hours=rule.value["hours"])
    for week, rest in weeks.items():
        spans = {index: slots[index].duty.span for index in mine if slots[index].duty.span.overlaps(week)}
        ends = {span.ends_at for span in (*spans.values(), *candidate.busy) if week.starts_at < span.ends_at}
        begins = {start.astimezone(UTC) for start in (week.starts_at, *ends)}
        free = [Span(start, start + rest) for start in begins if start + rest <= week.ends_at]
        choices = {
            frozenset(index for index, span in spans.items() if span.overlaps(one))
            for one in free
            if not any(span.overlaps(one) for span in candidate.busy)
        }
        if frozenset() not in choices:
            yield RestWeek(tuple(sorted(choices, key=sorted)))


def broken_groups(
    rota: Rota, candidates: Sequence[Candidate], rules: Sequence[WorkRule], pairs: Iterable[tuple[int, int]]
) -> list[tuple[int, frozenset[int]]]:
    """Workers and the slots that they must not all take, by the rules that also judge assignments one by one."""
    taken: dict[int, list[int]] = {}
    for slot, worker in pairs:
        taken.setdefault(worker, []).append(slot)
    broken = []
    for worker, indexes in taken.items():
        candidate = candidates[worker]
        for index in sorted(indexes, key=lambda item: rota.slots[item].duty.span):
            duty = rota.slots[index].duty
            if any(finding.effect is Effect.block for finding in judge(duty, candidate, rules)):
                broken.append((worker, frozenset(indexes)))
                break
            candidate = candidate.with_duty(duty.span)
    return broken


def reason_not_proposed(rota: Rota, pairs: Iterable[tuple[int, int]], slot: int, worker: int) -> str:
    """Why somebody who could take a slot was not proposed for it."""
    own = {index for index, number in pairs if number == worker}
    for group in rota.workers[worker].exclusive:
        if slot in group and group - {slot} <= own:
            return "proposed_elsewhere"
    return "load_is_fairer_so" if own else "others_fit_better"
