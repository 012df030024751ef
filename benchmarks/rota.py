"""Rotas of generated weeks: how long the solver takes, and whether a checker that shares nothing with it agrees.

The generated days, papers, windows and leave are plain numbers; the checker judges the answer by these numbers alone.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from benchmarks.results import Entry
from staffing.coverage.domain import RuleStatus
from staffing.hours.domain import Effect, RuleName, Span, WorkRule
from staffing.people.domain import AvailabilityKind, PersonKind, Window
from staffing.proposals.domain import Slot
from staffing.proposals.jobs import make_rota
from staffing.proposals.queries import Facts
from staffing.qualifications.domain import Paper, QualificationKind
from staffing.shifts.domain import Candidate, Duty, ShiftRole

SIZES = ((10, 8), (60, 40), (200, 80))
BAR = "every hard rule holds in an independent checker; 60 shifts and 40 people in under 10 s"
MONDAY = date(2026, 11, 23)
ZONE = ZoneInfo("Europe/Brussels")
CERTIFICATE, FIRST_AID = QualificationKind.animator_certificate, QualificationKind.first_aid
SECONDS_BAR = 10.0
QUARTERS_A_DAY = 96


@dataclass(frozen=True)
class Shift:
    """In quarters of an hour since Monday; `needs` are names of papers."""

    first: int
    last: int
    places: int
    needs: frozenset[str]


@dataclass(frozen=True)
class Somebody:
    """Days count from Monday; `windows` are quarters of each day on which there are any."""

    is_employee: bool
    papers: frozenset[str]
    away: frozenset[int]
    windows: dict[int, tuple[int, int]]
    busy: tuple[tuple[int, int], ...]


def generate(shifts: int, people: int, chance: random.Random) -> tuple[list[Shift], list[Somebody]]:
    """A week with more work in the afternoons and evenings, and people of whom a third are employees."""
    week = []
    for _ in range(shifts):
        first = chance.randrange(7) * QUARTERS_A_DAY + chance.choice((32, 36, 52, 56, 64, 68, 72, 76))
        needs = chance.choice((set(), set(), {"certificate"}, {"certificate"}, {"certificate", "first aid"}))
        week.append(Shift(first, first + chance.choice((8, 12, 16)), chance.choice((1, 1, 2)), frozenset(needs)))
    team = []
    for number in range(people):
        papers = {name for name, share in (("certificate", 0.7), ("first aid", 0.4)) if chance.random() < share}
        windows = {}
        if number % 4 == 3:
            windows = {day: (48, 96) for day in range(7) if chance.random() < 0.7} or {2: (48, 96)}
        start = chance.randrange(7) * QUARTERS_A_DAY + 40
        team.append(
            Somebody(
                is_employee=number % 3 == 0,
                papers=frozenset(papers),
                away=frozenset({chance.randrange(7)} if chance.random() < 0.2 else ()),
                windows=windows,
                busy=((start, start + 16),) if chance.random() < 0.25 else (),
            )
        )
    return week, team


def as_facts(week: list[Shift], team: list[Somebody]) -> Facts:
    """The same week in the words of the service."""
    kinds = {"certificate": CERTIFICATE, "first aid": FIRST_AID}
    slots = [
        Slot(_duty(number, shift, frozenset(kinds[name] for name in shift.needs)), shift.places)
        for number, shift in enumerate(week)
    ]
    candidates = [
        Candidate(
            person_id=UUID(int=1_000 + number),
            display_name=f"Person {number}",
            kind=PersonKind.employee if one.is_employee else PersonKind.volunteer,
            started_on=date(2020, 1, 1),
            ended_on=None,
            windows=tuple(
                Window(day, a * 15, b * 15, AvailabilityKind.available) for day, (a, b) in one.windows.items()
            ),
            away=tuple((MONDAY + timedelta(days=day),) * 2 for day in one.away),
            papers=tuple(Paper(kinds[name], date(2020, 1, 1), None, True) for name in sorted(one.papers)),
            busy=tuple(Span(_moment(a), _moment(b)) for a, b in one.busy),
        )
        for number, one in enumerate(team)
    ]
    return Facts(slots, candidates, RULES)


def _duty(number: int, shift: Shift, required: frozenset[QualificationKind]) -> Duty:
    return Duty(UUID(int=number), ShiftRole.animator, required, _span(shift), ZONE)


def _rule(name: RuleName, value: dict[str, Any]) -> WorkRule:
    kinds = frozenset({PersonKind.employee})
    return WorkRule("BE", name, value, Effect.block, kinds, None, None, "generated", RuleStatus.verified)


RULES = (
    _rule(RuleName.daily_rest, {"hours": 11, "within_hours": 24}),
    _rule(RuleName.weekly_rest, {"hours": 35}),
    _rule(RuleName.daily_hours, {"hours": 11}),
    _rule(RuleName.weekly_hours, {"hours": 50}),
)


def _moment(quarter: int) -> datetime:
    midnight = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=ZONE).astimezone(UTC)
    return midnight + timedelta(minutes=15 * quarter)


def _span(shift: Shift) -> Span:
    return Span(_moment(shift.first), _moment(shift.last))


def faults(week: list[Shift], team: list[Somebody], pairs: list[tuple[int, int]]) -> list[str]:
    """What is wrong with a rota, found by counting quarters of an hour: no code of the service is asked."""
    found, taken = [], defaultdict(list)
    for number, person in pairs:
        taken[person].append(number)
    for number, shift in enumerate(week):
        if sum(item == number for item, _ in pairs) > shift.places:
            found.append(f"shift {number} has too many people")
    for person, shifts in taken.items():
        one = team[person]
        found += [f"person {person}: {fault}" for shift in shifts for fault in _papers_and_days(one, week[shift])]
        quarters = [q for shift in shifts for q in range(week[shift].first, week[shift].last)]
        quarters += [q for first, last in one.busy for q in range(first, last)]
        if len(quarters) != len(set(quarters)):
            found.append(f"person {person} is in two places at once")
        if one.is_employee:
            found += [f"person {person}: {fault}" for fault in _hours_and_rest(set(quarters))]
    return found


def _papers_and_days(one: Somebody, shift: Shift) -> list[str]:
    day, within = divmod(shift.first, QUARTERS_A_DAY)
    found = ["a paper is missing"] if shift.needs - one.papers else []
    if {day, (shift.last - 1) // QUARTERS_A_DAY} & one.away:
        found.append("is on leave")
    if one.windows:
        first, last = one.windows.get(day, (0, 0))
        if not (first <= within and within + shift.last - shift.first <= last):
            found.append("is not available")
    return found


def _hours_and_rest(quarters: set[int]) -> list[str]:
    found = []
    if len(quarters) > 50 * 4:
        found.append("more than 50 h in the week")
    if any(len([q for q in quarters if q // QUARTERS_A_DAY == day]) > 11 * 4 for day in range(8)):
        found.append("more than 11 h on a day")
    free = [q not in quarters for q in range(7 * QUARTERS_A_DAY)]
    if _longest_run(free) < 35 * 4:
        found.append("no 35 h of rest in the week")
    begins = [q for q in quarters if not {q - back for back in range(1, 11 * 4 + 1)} & quarters]
    # A duty after a whole rest: the next rest must fit into the 24 hours from its beginning.
    days = ([q not in quarters for q in range(first, first + QUARTERS_A_DAY)] for first in begins)
    return found + ["no 11 h of rest within 24 h" for day in days if _longest_run(day) < 11 * 4]


def _longest_run(free: list[bool]) -> int:
    longest = run = 0
    for is_free in free:
        run = run + 1 if is_free else 0
        longest = max(longest, run)
    return longest


def measure(_directory: Path) -> Entry:
    """Three weeks of each size."""
    figures: dict[str, Any] = {}
    wrong: list[str] = []
    slowest_of_bar = 0.0
    make_rota(as_facts(*generate(2, 2, random.Random(0))))  # Loads the solver
    for shifts, people in SIZES:
        rows = []
        for seed in range(3):
            week, team = generate(shifts, people, random.Random(seed))  # The same weeks every time
            started_at = time.monotonic()
            _, solution = make_rota(as_facts(week, team))
            seconds = time.monotonic() - started_at
            wrong += faults(week, team, list(solution.pairs))
            missing = sum(shift.places for shift in week) - len(solution.pairs)
            rows.append(
                {
                    "seconds": round(seconds, 2),
                    "gap": round(solution.gap, 4),
                    "unfilled": missing,
                    "status": solution.status,
                }
            )
            if shifts == 60:
                slowest_of_bar = max(slowest_of_bar, seconds)
        figures[f"{shifts} shifts, {people} people"] = rows
    figures["faults"] = wrong[:10]
    return Entry(figures, BAR, ok=not wrong and slowest_of_bar < SECONDS_BAR)
