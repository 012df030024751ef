"""A week or a month of what is offered, and what of it somebody looks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.sessions.domain import Session

WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAYS_AHEAD_MAX = 400
AGE_MAX = 120
SESSIONS_SHOWN_MAX = 80
PRICES_MINOR = (0, 500, 1000, 2000)
"""What a place may cost at most, as the filter offers it."""


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
    def month_name(self) -> str:
        """`2026-11`: the month in which it begins."""
        return f"{self.first:%Y-%m}"

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
class Month:
    """A month of the calendar; `first` is its first day."""

    first: date

    @classmethod
    def parse(cls, text: str | None, today: date) -> Month | None:
        """`2026-11`; None for anything else and for months that are too far away."""
        try:
            month = cls(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return None
        return month if abs((month.first - today).days) <= DAYS_AHEAD_MAX else None

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        return cls(day.replace(day=1))

    @property
    def name(self) -> str:
        """`2026-11`, as addresses carry it."""
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def next(self) -> Month:
        """The month after."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def weeks(self) -> list[list[date | None]]:
        """Its days in rows from Monday to Sunday; None where a row reaches into a neighbour."""
        days: list[date | None] = [None] * self.first.weekday()
        days += [self.first + timedelta(days=number) for number in range(self.last.day)]
        days += [None] * (-len(days) % 7)
        return [days[start : start + 7] for start in range(0, len(days), 7)]


@dataclass(frozen=True)
class Wishes:
    """What somebody looks for; what is empty does not restrict."""

    age: int | None = None
    days: frozenset[str] = frozenset()
    with_places: bool = False
    price_minor_max: int | None = None
    place: str = ""
    accessible: bool = False
    text: str = ""

    @property
    def are_any(self) -> bool:
        """True when something restricts."""
        return self != Wishes()

    @property
    def count(self) -> int:
        """How many things restrict."""
        return sum((self.age is not None, bool(self.days), self.with_places, self.price_minor_max is not None,
                    bool(self.place), self.accessible, bool(self.text)))  # fmt: skip


def wishes_of(fields: Sequence[tuple[str, str]]) -> Wishes:
    """The wishes in the query of an address; what makes no sense is left out."""
    given = dict(fields)
    age, price = given.get("age", ""), given.get("price", "")
    return Wishes(
        age=int(age) if age.isascii() and age.isdigit() and int(age) <= AGE_MAX else None,
        days=frozenset(value for name, value in fields if name == "day" and value in WEEKDAYS),
        with_places="places" in given,
        price_minor_max=int(price) if price in map(str, PRICES_MINOR) else None,
        place=given.get("place", "")[:100],
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
        and (wishes.price_minor_max is None or session.lowest_price <= wishes.price_minor_max)
        and (not wishes.place or session.site_id == wishes.place)
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


def first_days(days: Sequence[Day]) -> list[Day]:
    """As many whole days as one page shows without becoming slow and endless; at least one where there is one."""
    shown: list[Day] = []
    count = 0
    for day in days:
        count += len(day.sessions)
        if shown and count > SESSIONS_SHOWN_MAX:
            break
        shown.append(day)
    return shown
