"""Rules of sessions: when they take place, in the site's own time zone, and what may still change."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rrulestr

SERIES_OCCURRENCES_MAX = 120
SERIES_DAYS_MAX = 400
DOORS_OPEN_BEFORE = timedelta(hours=1)
ALL_BASIS_POINTS = 10_000
SCHOOL_CALENDARS = {
    "BE-FWB": ("BE", "French"),
    "BE-VG": ("BE", "Flemish"),
    "BE-DG": ("BE", "German"),
    "FR-A": ("FR", "Zone A"),
    "FR-B": ("FR", "Zone B"),
    "FR-C": ("FR", "Zone C"),
}

_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_MONTH_DAY = r"-?(?:[1-9]|[12]\d|3[01])"
_EVERY_RULE = {"FREQ": "[A-Z]+", "COUNT": r"[1-9]\d{0,2}", "UNTIL": r"\d{8}(?:T\d{6}Z?)?", "WKST": _DAY}
RULE_PARTS: Mapping[str, Mapping[str, str]] = {
    "DAILY": {**_EVERY_RULE, "INTERVAL": r"[1-9]\d?"},
    "WEEKLY": {**_EVERY_RULE, "INTERVAL": r"[1-9]|[1-4]\d", "BYDAY": f"{_DAY}(?:,{_DAY})*"},
    "MONTHLY": {
        **_EVERY_RULE,
        "INTERVAL": "[1-9]|1[01]",
        "BYDAY": f"[+-]?[1-5]{_DAY}(?:,[+-]?[1-5]{_DAY})*",
        "BYMONTHDAY": f"{_MONTH_DAY}(?:,{_MONTH_DAY})*",
    },
}
"""What may stand in a recurrence rule: with these parts every rule gives occurrences, so that looking for the next
one always ends (dateutil searches for the 30th of February until the year 9999)."""


class SessionState(StrEnum):
    """What has become of a session."""

    scheduled = "scheduled"
    cancelled = "cancelled"
    completed = "completed"


class UnknownSession(Exception):
    """There is no such session, or the caller may not see it."""


class UnknownSite(Exception):
    """The site is not one of the platform, or was closed."""


class SiteOfAnotherCurrency(Exception):
    """A session keeps its prices when it moves, so that its new site must have the same currency."""


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


class UnknownBearer(Exception):
    """An association that shall bear a part of the cost is not known, or has ended."""


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


@dataclass(frozen=True)
class PossibleDay:
    """A date on which a series would take place, and the name of the holiday that it falls on."""

    on: date
    period: Period
    holiday: str | None


@dataclass(frozen=True)
class SessionFacts:
    """What other features need to know of a session; prices in minor units, shares in basis points."""

    id: UUID
    organisation_id: UUID
    version: int
    activity_id: UUID
    site_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    state: SessionState
    age_from: int | None
    age_to: int | None
    prices: Mapping[str, int]
    currency: str
    cost_shares: Sequence[tuple[str, int]]
    open_door: bool
    rooms: tuple[str, ...] = ()


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


def check_prices(prices: Mapping[str, int]) -> None:
    """Raise NoPrice; a free session has a price of 0."""
    if not prices:
        raise NoPrice("Give at least one price category, 0 for a free session.")


def check_capacity(capacity: int, taken: int) -> None:
    """Raise CapacityBelowTaken."""
    if capacity < taken:
        raise CapacityBelowTaken(f"{taken} places are taken.")


def check_open(state: SessionState, starts_at: datetime, now: datetime) -> None:
    """Raise SessionNotOpen unless the session is still to come."""
    check_scheduled(state)
    if starts_at <= now:
        raise SessionNotOpen("This session has begun.")


def check_scheduled(state: SessionState) -> None:
    """Raise SessionNotOpen once the session is cancelled or completed; one that has begun is still scheduled."""
    if state is not SessionState.scheduled:
        raise SessionNotOpen(f"This session is {state}.")


def check_walk_in(state: SessionState, starts_at: datetime, open_door: bool, now: datetime) -> None:
    """Raise SessionNotOpen unless people may come without a booking: to an open-door session, from an hour before."""
    check_scheduled(state)
    if not open_door or now < starts_at - DOORS_OPEN_BEFORE:
        raise SessionNotOpen("People come without a booking only to an open-door session that is on.")


def check_can_complete(state: SessionState, starts_at: datetime, now: datetime) -> None:
    """Raise SessionNotOpen or NotYetOver."""
    check_scheduled(state)
    if now < starts_at:
        raise NotYetOver("This session has not begun.")


def expand_series(
    first_local: datetime, duration: timedelta, rule: str, time_zone: str, days_off: Collection[date]
) -> list[Period]:
    """The occurrences of an RFC 5545 rule, computed on the site's clock (so 14:00 stays 14:00 over a DST change).

    Days, weeks and months are understood: FREQ, INTERVAL, COUNT or UNTIL, and BYDAY or BYMONTHDAY where they fit.
    Raises InvalidRecurrence when the rule says something else, never ends, lasts longer than 400 days, or gives none
    or more than 120 occurrences.
    """
    possible = possible_days(first_local, duration, rule, time_zone, {})
    kept = [day.period for day in possible if day.on not in days_off]
    if not kept:
        raise InvalidRecurrence("The rule leaves no session.")
    return kept


def possible_days(
    first_local: datetime, duration: timedelta, rule: str, time_zone: str, holidays_by_day: Mapping[date, str]
) -> list[PossibleDay]:
    """Every date of a rule, holidays too. Raises InvalidRecurrence as `expand_series` does."""
    zone = ZoneInfo(time_zone)
    starts = [
        (occurrence.date(), occurrence.replace(tzinfo=zone).astimezone(UTC))
        for occurrence in _occurrences(first_local, rule.removeprefix("RRULE:"), zone)
    ]
    return [PossibleDay(on, Period(start, start + duration), holidays_by_day.get(on)) for on, start in starts]


def _occurrences(first_local: datetime, rule: str, zone: ZoneInfo) -> list[datetime]:
    parts = _parts_of(rule)
    last = first_local + timedelta(days=SERIES_DAYS_MAX)
    if "UNTIL" in parts:
        until = _until(parts["UNTIL"], zone)
        if not first_local <= until <= last:
            raise InvalidRecurrence(f"UNTIL lies after the first session, at most {SERIES_DAYS_MAX} days.")
        parts["UNTIL"] = until.strftime("%Y%m%dT%H%M%S")
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    occurrences = list(islice(rrulestr(text, dtstart=first_local), SERIES_OCCURRENCES_MAX + 1))
    if len(occurrences) > SERIES_OCCURRENCES_MAX:
        raise InvalidRecurrence(f"A series has at most {SERIES_OCCURRENCES_MAX} sessions.")
    if occurrences and occurrences[-1] > last:
        raise InvalidRecurrence(f"A series lasts at most {SERIES_DAYS_MAX} days.")
    return occurrences


def _parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule that is sure to give occurrences and to end."""
    pairs = [part.partition("=") for part in rule.split(";")]
    parts = {name: value for name, _, value in pairs}
    understood = RULE_PARTS.get(parts.get("FREQ", ""))
    if understood is None or len(parts) < len(pairs):
        raise InvalidRecurrence("FREQ is DAILY, WEEKLY or MONTHLY, and no part stands twice.")
    for name, value in parts.items():
        if name not in understood or not re.fullmatch(understood[name], value):
            raise InvalidRecurrence(f"{name}={value} is not understood for {parts['FREQ']}.")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise InvalidRecurrence("Say when the series ends: by COUNT or by UNTIL.")
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        raise InvalidRecurrence("Give either days of the week or days of the month.")
    return parts


def _until(value: str, zone: ZoneInfo) -> datetime:
    """The last moment on the site's clock: of a day all of it, of an instant in UTC what the clock shows then."""
    try:
        if "T" not in value:
            return datetime.combine(datetime.strptime(value, "%Y%m%d"), time.max)  # noqa: DTZ007
        moment = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if value.endswith("Z") else moment
    except (ValueError, OverflowError) as error:
        raise InvalidRecurrence(f"UNTIL={value} is no date.") from error


def school_holidays(jurisdiction: str, first: date, last: date) -> set[date]:
    """Every day without school from `first` to `last`, by the calendar of the community or zone (package holidays).

    Raises NoSchoolCalendar when the jurisdiction has none.
    """
    return set(name_holidays(jurisdiction, first, last))


def name_holidays(jurisdiction: str, first: date, last: date, language: str | None = None) -> dict[date, str]:
    """The days without school by name, in a language of the jurisdiction. Raises NoSchoolCalendar."""
    if jurisdiction not in SCHOOL_CALENDARS:
        raise NoSchoolCalendar(f"No school calendar is known for {jurisdiction}.")
    country, subdivision = SCHOOL_CALENDARS[jurisdiction]
    calendar = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=range(first.year, last.year + 1),
        categories=("school", "public"),
        language=language,
    )
    return {day: name for day, name in calendar.items() if first <= day <= last}
