"""The calendar of a team: sessions as blocks on a week, or by place and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.agenda.domain import Week
from portal.sessions.domain import Session

DAYS = 7
QUARTERS_PER_HOUR = 4
FIRST_HOUR, LAST_HOUR = 8, 20
QUARTER = timedelta(minutes=15)
LANES_MAX = 4


@dataclass(frozen=True)
class Block:
    """Where a session stands in its day: rows are quarters of an hour from 1 on, lanes are beside each other."""

    session: Session
    row: int
    rows: int
    lane: int


@dataclass(frozen=True)
class Column:
    """One day of the week."""

    on: date
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Calendar:
    """A week, from the first hour of the earliest session to the last of the latest."""

    columns: Sequence[Column]
    first_hour: int
    last_hour: int

    @property
    def hours(self) -> range:
        """The hours that are shown."""
        return range(self.first_hour, self.last_hour)

    @property
    def is_empty(self) -> bool:
        """True when nothing takes place."""
        return not any(column.blocks for column in self.columns)


def monday_of(day: date) -> date:
    """The first day of the week."""
    return day - timedelta(days=day.weekday())


def asked_monday(text: str | None, today: date) -> date:
    """The first day of the week of a day that an address names; of this week when it names none that can be shown."""
    return monday_of((Week.parse(text, today) or Week(today)).first)


def calendar_of(monday: date, sessions: Iterable[Session]) -> Calendar:
    """The week's sessions as blocks; what lasts over midnight ends with its day."""
    shown = [session for session in sessions if 0 <= (session.starts_at.date() - monday).days < DAYS]
    first = min([FIRST_HOUR, *(session.starts_at.hour for session in shown)])
    last = max([LAST_HOUR, *(_last_hour(session) for session in shown)])
    days = [monday + timedelta(days=number) for number in range(DAYS)]
    return Calendar([Column(day, _blocks(day, shown, first, last)) for day in days], first, last)


def _last_hour(session: Session) -> int:
    if session.ends_at.date() > session.starts_at.date():
        return 24
    return session.ends_at.hour + (session.ends_at.minute > 0)


def _blocks(day: date, sessions: Sequence[Session], first_hour: int, last_hour: int) -> list[Block]:
    """Overlapping sessions get lanes of their own, from the left; more than four share the last."""
    blocks: list[Block] = []
    free_from: list[int] = []
    end_of_day = (last_hour - first_hour) * QUARTERS_PER_HOUR + 1
    for session in sorted(sessions, key=lambda one: (one.starts_at, one.title)):
        if session.starts_at.date() != day:
            continue
        opening = datetime.combine(day, time(first_hour), session.starts_at.tzinfo)
        row = (session.starts_at - opening) // QUARTER + 1
        end = min(end_of_day, max(row + 2, -((opening - session.ends_at) // QUARTER) + 1))
        lane = next((number for number, free in enumerate(free_from) if free <= row), len(free_from))
        if lane == len(free_from):
            free_from.append(end)
        free_from[lane] = end
        blocks.append(Block(session, row, end - row, min(lane, LANES_MAX - 1) + 1))
    return blocks


@dataclass(frozen=True)
class PlaceRow:
    """What takes place at one site, or in one of its rooms, by day of the week."""

    site_id: str
    room: str
    days: Sequence[Sequence[Session]]


def places_of(monday: date, sessions: Iterable[Session], own_site_ids: Iterable[str]) -> list[PlaceRow]:
    """The own sites first, empty ones too, then the others where something takes place.

    A session with rooms stands in the row of each of them, one without in the row of the site.
    """
    by_site: dict[str, list[Session]] = {site_id: [] for site_id in own_site_ids}
    for session in sessions:
        by_site.setdefault(session.site_id, []).append(session)
    rows = []
    for site_id, here in by_site.items():
        rooms = sorted({room for session in here for room in session.rooms})
        anywhere = [session for session in here if not session.rooms]
        if anywhere or not rooms:
            rows.append(_place(monday, site_id, "", anywhere))
        rows += [_place(monday, site_id, room, [one for one in here if room in one.rooms]) for room in rooms]
    return rows


def _place(monday: date, site_id: str, room: str, sessions: Sequence[Session]) -> PlaceRow:
    days = [monday + timedelta(days=number) for number in range(DAYS)]
    return PlaceRow(site_id, room, [[one for one in sessions if one.starts_at.date() == day] for day in days])


def moved_to(session: Session, on: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """The new period on the clock of the session's site; an end before the start is on the next day."""
    zone = session.starts_at.tzinfo
    starts_at = datetime.combine(on, starts, zone)
    ends_at = datetime.combine(on, ends, zone)
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)
