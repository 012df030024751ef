"""Rules of sessions: when they take place, in the site's own time zone, and what may still change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rrulestr

SERIES_OCCURRENCES_MAX = 120
ALL_BASIS_POINTS = 10_000
SCHOOL_CALENDARS = {
    "BE-FWB": ("BE", "French"),
    "BE-VG": ("BE", "Flemish"),
    "BE-DG": ("BE", "German"),
    "FR-A": ("FR", "Zone A"),
    "FR-B": ("FR", "Zone B"),
    "FR-C": ("FR", "Zone C"),
}


class SessionState(StrEnum):
    """What has become of a session."""

    scheduled = "scheduled"
    cancelled = "cancelled"
    completed = "completed"


class UnknownSession(Exception):
    """There is no such session, or the caller may not see it."""


class UnknownSite(Exception):
    """The site is not one of the platform, or was closed."""


class EndsTooEarly(Exception):
    """A session must end after it starts, within a week."""


class StartsInThePast(Exception):
    """A session is planned for the future."""


class SessionNotOpen(Exception):
    """The session was cancelled, is completed, or has begun."""


class NotYetOver(Exception):
    """A session is completed after it has begun."""


class InvalidRecurrence(Exception):
    """The recurrence rule cannot be read, or gives no session or too many."""


class NoSchoolCalendar(Exception):
    """No school calendar is known for the site's jurisdiction."""


class SharesDoNotAddUp(Exception):
    """The cost shares of the associations must add up to 100 % (10 000 basis points), each named once."""


class NoPrice(Exception):
    """A session has at least one price category."""


class AgesCrossed(Exception):
    """The lowest age lies above the highest."""


class CapacityBelowTaken(Exception):
    """The capacity cannot fall below the places that are taken."""


class MinimumAboveCapacity(Exception):
    """A session that needs more people than it can take will never be held."""


@dataclass(frozen=True)
class Period:
    """From when to when, in UTC."""

    starts_at: datetime
    ends_at: datetime


def check_period(period: Period, now: datetime) -> None:
    """Raise EndsTooEarly or StartsInThePast."""
    if not period.starts_at < period.ends_at <= period.starts_at + timedelta(days=7):
        raise EndsTooEarly("A session must end after it starts, within a week.")
    if period.starts_at <= now:
        raise StartsInThePast(f"{period.starts_at.isoformat()} has passed.")


def check_shares(basis_points: Sequence[tuple[object, int]]) -> None:
    """Raise SharesDoNotAddUp unless the shares make a whole and nobody is named twice; no share at all is fine."""
    if not basis_points:
        return
    named = [organisation for organisation, _ in basis_points]
    if len(set(named)) < len(named) or sum(points for _, points in basis_points) != ALL_BASIS_POINTS:
        raise SharesDoNotAddUp("The shares must add up to 10000 basis points, each association named once.")


def check_numbers(capacity: int, minimum: int, age_from: int | None, age_to: int | None) -> None:
    """Raise MinimumAboveCapacity or AgesCrossed."""
    if minimum > capacity:
        raise MinimumAboveCapacity(f"The minimum is {minimum}, the capacity {capacity}.")
    if age_from is not None and age_to is not None and age_from > age_to:
        raise AgesCrossed(f"From {age_from} to {age_to} years leaves nobody.")


def check_open(state: SessionState, starts_at: datetime, now: datetime) -> None:
    """Raise SessionNotOpen unless the session is still to come."""
    if state is not SessionState.scheduled:
        raise SessionNotOpen(f"This session is {state}.")
    if starts_at <= now:
        raise SessionNotOpen("This session has begun.")


def check_walk_in(state: SessionState, open_door: bool) -> None:
    """Raise SessionNotOpen unless people may come without a booking."""
    if state is not SessionState.scheduled or not open_door:
        raise SessionNotOpen("People come without a booking only to an open-door session that is on.")


def check_can_complete(state: SessionState, starts_at: datetime, now: datetime) -> None:
    """Raise SessionNotOpen or NotYetOver."""
    if state is not SessionState.scheduled:
        raise SessionNotOpen(f"This session is {state}.")
    if now < starts_at:
        raise NotYetOver("This session has not begun.")


def expand_series(
    first_local: datetime, duration: timedelta, rule: str, time_zone: str, skipped: Iterable[date]
) -> list[Period]:
    """The occurrences of an RFC 5545 rule, computed on the site's clock (so 14:00 stays 14:00 over a DST change).

    Raises InvalidRecurrence when the rule is unreadable, endless, or gives none or more than 120 occurrences.
    """
    try:
        occurrences = list(_take(rrulestr(rule, dtstart=first_local, ignoretz=True), SERIES_OCCURRENCES_MAX + 1))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise InvalidRecurrence(f"The rule cannot be read: {error}") from error
    days_off = set(skipped)
    kept = [occurrence for occurrence in occurrences if occurrence.date() not in days_off]
    if not kept or len(occurrences) > SERIES_OCCURRENCES_MAX:
        raise InvalidRecurrence(f"A series has 1 to {SERIES_OCCURRENCES_MAX} sessions; give COUNT or UNTIL.")
    zone = ZoneInfo(time_zone)
    starts = [occurrence.replace(tzinfo=zone) for occurrence in kept]
    return [Period(start.astimezone(UTC), (start + duration).astimezone(UTC)) for start in starts]


def _take(occurrences: Iterable[datetime], most: int) -> Iterable[datetime]:
    for number, occurrence in enumerate(occurrences):
        if number >= most:
            return
        yield occurrence


def school_holidays(jurisdiction: str, first: date, last: date) -> set[date]:
    """Every day without school from `first` to `last`, by the calendar of the community or zone (package holidays).

    Raises NoSchoolCalendar when the jurisdiction has none.
    """
    if jurisdiction not in SCHOOL_CALENDARS:
        raise NoSchoolCalendar(f"No school calendar is known for {jurisdiction}.")
    country, subdivision = SCHOOL_CALENDARS[jurisdiction]
    calendar = holidays.country_holidays(
        country, subdiv=subdivision, years=range(first.year, last.year + 1), categories=("school", "public")
    )
    return {day for day in calendar if first <= day <= last}
