"""What rooms, vehicles and equipment are, and by which rules they are lent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTES_OF_A_DAY = 24 * 60


class ResourceKind(StrEnum):
    """What a resource is; an alternative is of the same kind."""

    room = "room"
    outdoor = "outdoor"
    vehicle = "vehicle"
    equipment = "equipment"


PLACES = frozenset({ResourceKind.room, ResourceKind.outdoor})
"""Where people go; the others come to them."""


class Approval(StrEnum):
    """Whether another association gets a pooled resource at once, or after its owner has said yes."""

    automatic = "automatic"
    owner = "owner"


class QuotaPeriod(StrEnum):
    """Over which part of the calendar the hours of an association are counted."""

    week = "week"
    month = "month"
    year = "year"


class ClosureKind(StrEnum):
    """Why a resource is not to be had: it is being looked after, or its owner keeps it for himself."""

    maintenance = "maintenance"
    blocked = "blocked"


class PaperKind(StrEnum):
    """An approval or inspection that expires."""

    fire_inspection = "fire_inspection"
    electrical_inspection = "electrical_inspection"
    playground_inspection = "playground_inspection"
    lift_inspection = "lift_inspection"
    vehicle_inspection = "vehicle_inspection"
    insurance = "insurance"
    other = "other"


class ResourceNotFound(Exception):
    """There is no such resource, or the caller may not see it."""


class ResourceHasEnded(Exception):
    """The resource is out of service for good."""


class ClosureNotFound(Exception):
    """There is no such closure, or the caller may not see it."""


class ClosesTooEarly(Exception):
    """A closure, or a day's opening hours, must end after it begins."""


class StillReserved(Exception):
    """Somebody has reserved the resource in that time."""


class QuotaIncomplete(Exception):
    """A quota has hours and the period that they are counted over."""


class StockTooSmall(Exception):
    """More pieces are reserved than would be left."""


@dataclass(frozen=True)
class OpenHours:
    """On which weekday (0 = Monday) a resource opens and closes, in minutes after midnight on its own clock."""

    weekday: int
    opens_minute: int
    closes_minute: int


@dataclass(frozen=True)
class Paper:
    """An approval or inspection and the last day that it is good for."""

    kind: PaperKind
    expires_on: date


def check_open_hours(hours: Iterable[OpenHours]) -> None:
    """Raise ClosesTooEarly unless every day's hours end after they begin."""
    if any(day.closes_minute <= day.opens_minute for day in hours):
        raise ClosesTooEarly("On every day the closing time lies after the opening time.")


def check_quota(hours: int | None, period: QuotaPeriod | None) -> None:
    """Raise QuotaIncomplete when one of both is missing."""
    if (hours is None) != (period is None):
        raise QuotaIncomplete("Give quota_hours and quota_period together, or neither.")


def is_open(hours: Sequence[OpenHours], zone: str, starts_at: datetime, ends_at: datetime) -> bool:
    """True when all of the time lies within opening hours, day by day on the resource's clock; none means always."""
    if not hours:
        return True
    begins, ends = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    day = begins.date()
    while day <= ends.date():
        first = _minute(begins) if day == begins.date() else 0
        last = _minute(ends) if day == ends.date() else MINUTES_OF_A_DAY
        if first < last and not any(
            one.weekday == day.weekday() and one.opens_minute <= first and last <= one.closes_minute for one in hours
        ):
            return False
        day += timedelta(days=1)
    return True


def _minute(local: datetime) -> float:
    return local.hour * 60 + local.minute + local.second / 60


def expired_papers(papers: Iterable[Paper], day: date) -> list[PaperKind]:
    """The kinds of which even the newest paper is not good on that day any more."""
    newest: dict[PaperKind, date] = {}
    for paper in papers:
        newest[paper.kind] = max(paper.expires_on, newest.get(paper.kind, date.min))
    return sorted(kind for kind, expires_on in newest.items() if expires_on < day)


def quota_bounds(period: QuotaPeriod, zone: str, at: datetime) -> tuple[datetime, datetime]:
    """From when until before when hours count together with this moment, by the calendar of the resource's zone."""
    day = at.astimezone(ZoneInfo(zone)).date()
    if period is QuotaPeriod.week:
        first = day - timedelta(days=day.weekday())
        after = first + timedelta(days=7)
    elif period is QuotaPeriod.month:
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
    else:
        first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    midnight = time(tzinfo=ZoneInfo(zone))
    return datetime.combine(first, midnight), datetime.combine(after, midnight)


def peak_quantity(periods: Iterable[tuple[datetime, datetime, int]]) -> int:
    """The most pieces that are away at one moment; who ends when another begins is no neighbour of it."""
    changes = sorted(
        change for starts_at, ends_at, quantity in periods for change in ((starts_at, quantity), (ends_at, -quantity))
    )
    away = most = 0
    for _, quantity in changes:
        away += quantity
        most = max(most, away)
    return most
