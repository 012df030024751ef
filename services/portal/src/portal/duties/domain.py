"""A week by person: who is on which shift, who is away, and which places nobody has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.people.domain import Leave, Person
from portal.shifts.domain import Assignment, Shift

DAYS = 7


@dataclass(frozen=True)
class Duty:
    """A shift of somebody; of nobody when it has no assignment: then `places` are free."""

    shift: Shift
    assignment: Assignment | None
    places: int


@dataclass(frozen=True)
class Day:
    """What somebody does on a day, and whether he is away."""

    on: date
    duties: Sequence[Duty]
    is_away: bool


@dataclass(frozen=True)
class Row:
    """The week of one person; `person_id` is None for the places that nobody has."""

    person_id: str | None
    name: str
    minutes: int
    days: Sequence[Day]


@dataclass(frozen=True)
class Change:
    """What was just changed: who has the place now, and who had it; None for nobody."""

    shift: Shift
    assignment_id: str | None
    now_id: str | None
    before_id: str | None


def rows_of(monday: date, shifts: Iterable[Shift], people: Iterable[Person], leaves: Sequence[Leave]) -> list[Row]:
    """First the free places, when there are any; then everybody who works there in this week, by name.

    People lent by others are on the rota too: they come last, without a name.
    """
    days = [monday + timedelta(days=number) for number in range(DAYS)]
    duties: dict[str | None, list[Duty]] = {}
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.title, one.id)):
        if shift.is_cancelled or shift.starts_at.date() not in days:
            continue
        if shift.missing:
            duties.setdefault(None, []).append(Duty(shift, None, shift.missing))
        for one in shift.assigned:
            duties.setdefault(one.person_id, []).append(Duty(shift, one, 1))
    here = [one for one in people if one.id in duties or _works_in(one, days)]
    names: dict[str | None, str] = {None: ""} if None in duties else {}
    names |= {one.id: one.display_name for one in sorted(here, key=lambda one: (one.display_name.casefold(), one.id))}
    names |= {person_id: "" for person_id in duties if person_id not in names}
    return [_row(person_id, name, days, duties.get(person_id, []), leaves) for person_id, name in names.items()]


def _works_in(person: Person, days: Sequence[date]) -> bool:
    return person.started_on <= days[-1] and not person.has_ended(days[0])


def _row(
    person_id: str | None, name: str, days: Sequence[date], duties: Sequence[Duty], leaves: Iterable[Leave]
) -> Row:
    away = [leave for leave in leaves if leave.person_id == person_id]
    held = [one.assignment for one in duties if one.assignment]
    minutes = sum(int(one.ends_at.timestamp() - one.starts_at.timestamp()) for one in held) // 60
    return Row(
        person_id,
        name,
        minutes,
        [
            Day(
                on,
                [one for one in duties if one.shift.starts_at.date() == on],
                any(leave.starts_on <= on <= leave.ends_on for leave in away),
            )
            for on in days
        ],
    )


def change_of(asked: Mapping[str, str], shifts: Iterable[Shift]) -> Change | None:
    """What the address says was just changed, as far as it still stands so."""
    shift = next((one for one in shifts if one.id == asked.get("shift")), None)
    if shift is None:
        return None
    now_id, before_id = asked.get("now") or None, asked.get("before") or None
    assignment = next((one for one in shift.assigned if one.person_id == now_id), None)
    if now_id is not None and assignment is None:
        return None
    return Change(shift, assignment.id if assignment else None, now_id, before_id)
