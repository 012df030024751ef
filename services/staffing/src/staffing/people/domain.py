"""Who works and helps: on what footing, when somebody is available, and when not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

LINK_CODE_DAYS = 7
MINUTES_OF_DAY = 24 * 60
NAME_OF_ERASED = "—"
"""Stands where the name of an erased person was, in every language."""


class PersonKind(StrEnum):
    """On what footing somebody works."""

    employee = "employee"
    volunteer = "volunteer"
    contractor = "contractor"
    student = "student"


class AvailabilityKind(StrEnum):
    """What a weekly window says."""

    preferred = "preferred"
    available = "available"
    unavailable = "unavailable"


class LeaveKind(StrEnum):
    """Why somebody is away; the platform keeps no cause of an absence, which may be a matter of health."""

    leave = "leave"
    absence = "absence"


class LeaveState(StrEnum):
    """How far a leave has come; only an approved one keeps somebody from working."""

    requested = "requested"
    approved = "approved"
    refused = "refused"
    withdrawn = "withdrawn"


class Presence(StrEnum):
    """What a person's windows say about a time."""

    preferred = "preferred"
    available = "available"
    outside = "outside"
    unavailable = "unavailable"


class PersonNotFound(Exception):
    """No person with this id is known to the caller."""


class LeaveNotFound(Exception):
    """No leave with this id is known to the caller."""


class LeaveIsDecided(Exception):
    """A leave that was refused or withdrawn stays so."""


class DatesAreReversed(Exception):
    """The last day lies before the first."""


class PersonWithoutEmail(Exception):
    """A code can only be sent to somebody with an e-mail address."""


class InvalidLinkCode(Exception):
    """The code is wrong, was used, or has expired."""


class TwoDutiesAtOnce(Exception):
    """Two records turn out to be one human who is on two shifts at the same time."""


class AccountIsLinked(Exception):
    """An account is linked to one record of an association at most."""


@dataclass(frozen=True)
class Window:
    """Minutes of a weekday (Monday is 0) on the clock of the place, from the first to before the last."""

    weekday: int
    from_minute: int
    to_minute: int
    kind: AvailabilityKind
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """True when the window is valid on this day, whatever its weekday."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def human_of(person_id: UUID, issuer: str | None, subject: str | None) -> UUID:
    """The human behind a record: the same for all records that one account is linked to, else the record itself."""
    return person_id if issuer is None or subject is None else uuid5(NAMESPACE_URL, f"{issuer}|{subject}")


def digest_of(code: str) -> bytes:
    """What is stored of a one-time code."""
    return hashlib.sha256(code.strip().encode()).digest()


def code_expires_at(now: datetime) -> datetime:
    """Until when a one-time code sent now can be used."""
    return now + timedelta(days=LINK_CODE_DAYS)


def check_dates(first: date, last: date | None) -> None:
    """Raises DatesAreReversed."""
    if last is not None and last < first:
        raise DatesAreReversed(f"The last day {last} lies before the first day {first}.")


def presence(windows: Sequence[Window], starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Presence:
    """What the windows say about a time; who gave none that is valid on its day is available."""
    pieces = _pieces_by_day(starts_at.astimezone(zone), ends_at.astimezone(zone))
    said = [_said(windows, day, from_minute, to_minute) for day, from_minute, to_minute in pieces]
    for worst in (Presence.unavailable, Presence.outside, Presence.available):
        if worst in said:
            return worst
    return Presence.preferred


def _pieces_by_day(starts: datetime, ends: datetime) -> list[tuple[date, int, int]]:
    """The local days that a time touches, with its minutes on each of them."""
    pieces = []
    day = starts.date()
    while day <= ends.date():
        first = starts.hour * 60 + starts.minute if day == starts.date() else 0
        last = ends.hour * 60 + ends.minute if day == ends.date() else MINUTES_OF_DAY
        if last > first:
            pieces.append((day, first, last))
        day += timedelta(days=1)
    return pieces


def _said(windows: Sequence[Window], day: date, first: int, last: int) -> Presence:
    valid = [window for window in windows if window.holds_on(day)]
    of_day = [window for window in valid if window.weekday == day.weekday()]
    closed = [window for window in of_day if window.kind is AvailabilityKind.unavailable]
    if any(window.from_minute < last and first < window.to_minute for window in closed):
        return Presence.unavailable
    if not any(window.kind is not AvailabilityKind.unavailable for window in valid):
        return Presence.available
    if _is_inside(of_day, {AvailabilityKind.preferred}, first, last):
        return Presence.preferred
    both = {AvailabilityKind.preferred, AvailabilityKind.available}
    return Presence.available if _is_inside(of_day, both, first, last) else Presence.outside


def _is_inside(windows: Sequence[Window], kinds: set[AvailabilityKind], first: int, last: int) -> bool:
    """True when windows of these kinds, one after the other, leave no minute open."""
    reached = first
    for window in sorted((item for item in windows if item.kind in kinds), key=lambda item: item.from_minute):
        if window.from_minute <= reached:
            reached = max(reached, window.to_minute)
    return reached >= last


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins at a place."""
    return datetime.combine(day, time.min, zone)
