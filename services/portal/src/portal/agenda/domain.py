"""A week of what is offered, and what of it somebody looks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.sessions.domain import Session

WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAYS_AHEAD_MAX = 400
AGE_MAX = 120


@dataclass(frozen=True)
class Week:
    """Seven days from any day on: who looks on a Sunday wants to see more than that Sunday."""

    first: date

    @classmethod
    def parse(cls, text: str | None, today: date) -> Week | None:
        """`2026-11-23`; None for anything else and for days that are too far away."""
        try:
            week = cls(date.fromisoformat(text or ""))
        except ValueError:
            return None
        return week if abs((week.first - today).days) <= DAYS_AHEAD_MAX else None

    @property
    def name(self) -> str:
        """`2026-11-23`, as addresses carry it."""
        return self.first.isoformat()

    @property
    def last(self) -> date:
        """The seventh day."""
        return self.first + timedelta(days=6)

    @property
    def previous(self) -> Week:
        """The seven days before."""
        return Week(self.first - timedelta(days=7))

    @property
    def next(self) -> Week:
        """The seven days after."""
        return Week(self.first + timedelta(days=7))


@dataclass(frozen=True)
class Wishes:
    """What somebody looks for; what is empty does not restrict."""

    age: int | None = None
    days: frozenset[str] = frozenset()
    with_places: bool = False
    free_of_charge: bool = False
    accessible: bool = False
    text: str = ""

    @property
    def are_any(self) -> bool:
        """True when something restricts."""
        return self != Wishes()

    @property
    def count(self) -> int:
        """How many things restrict."""
        return sum((self.age is not None, bool(self.days), self.with_places, self.free_of_charge, self.accessible,
                    bool(self.text)))  # fmt: skip


def wishes_of(fields: Sequence[tuple[str, str]]) -> Wishes:
    """The wishes in the query of an address; what makes no sense is left out."""
    given = dict(fields)
    age = given.get("age", "")
    return Wishes(
        age=int(age) if age.isascii() and age.isdigit() and int(age) <= AGE_MAX else None,
        days=frozenset(value for name, value in fields if name == "day" and value in WEEKDAYS),
        with_places="places" in given,
        free_of_charge="free" in given,
        accessible="accessible" in given,
        text=given.get("q", "").strip()[:100],
    )


def is_wished(session: Session, wishes: Wishes) -> bool:
    """True when the session is what somebody looks for."""
    if wishes.age is not None and not _fits(session, wishes.age):
        return False
    if wishes.days and WEEKDAYS[session.starts_at.weekday()] not in wishes.days:
        return False
    if wishes.text and wishes.text.casefold() not in session.title.casefold():
        return False
    return (
        (not wishes.with_places or not session.is_full)
        and (not wishes.free_of_charge or session.is_free_of_charge)
        and (not wishes.accessible or bool(session.accessibility))
    )


def _fits(session: Session, age: int) -> bool:
    old_enough = session.age_from is None or age >= session.age_from
    return old_enough and (session.age_to is None or age <= session.age_to)


@dataclass(frozen=True)
class Day:
    """The sessions of one day, in order."""

    on: date
    sessions: Sequence[Session]


def days_of(sessions: Iterable[Session]) -> list[Day]:
    """Sessions by day and time."""
    by_day: dict[date, list[Session]] = {}
    for session in sorted(sessions, key=lambda one: (one.starts_at, one.title)):
        by_day.setdefault(session.starts_at.date(), []).append(session)
    return [Day(on, found) for on, found in by_day.items()]
