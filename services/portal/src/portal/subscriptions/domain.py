"""Somebody's own shifts, and a family's bookings, as a calendar program reads them at a secret address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class CalendarShift:
    """When somebody is expected, and for what."""

    id: str
    organisation_id: str
    session_id: str | None
    version: int
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class CalendarBooking:
    """A session with places of a family: when, where and whose; `version` is the session's."""

    id: str
    organisation_id: str
    session_id: str
    site_id: str
    version: int
    title: str
    given_names: tuple[str, ...]
    rooms: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class FamilyCalendar:
    """What a family's address shows; `language` is the contact's."""

    language: str
    bookings: list[CalendarBooking]


@dataclass(frozen=True)
class OwnCalendar:
    """What an address shows; `language` is the person's."""

    language: str
    shifts: list[CalendarShift]


def calendar_of(answer: Mapping[str, Any]) -> OwnCalendar:
    """The calendar that the staffing service tells of."""
    plain = ("id", "organisation_id", "session_id", "version", "title")
    shifts = [
        CalendarShift(
            **{name: one[name] for name in plain},
            starts_at=datetime.fromisoformat(one["starts_at"]),
            ends_at=datetime.fromisoformat(one["ends_at"]),
        )
        for one in answer["shifts"]
    ]
    return OwnCalendar(answer["language"], shifts)


def family_calendar_of(answer: Mapping[str, Any]) -> FamilyCalendar:
    """The calendar that the activities service tells of."""
    plain = ("id", "organisation_id", "session_id", "site_id", "version", "title")
    bookings = [
        CalendarBooking(
            **{name: one[name] for name in plain},
            given_names=tuple(one["given_names"]),
            rooms=tuple(one["rooms"]),
            starts_at=datetime.fromisoformat(one["starts_at"]),
            ends_at=datetime.fromisoformat(one["ends_at"]),
        )
        for one in answer["bookings"]
    ]
    return FamilyCalendar(answer["language"], bookings)


@dataclass(frozen=True)
class CalendarAddress:
    """Where a calendar program reads the shifts of one record; the secret only just after it was made."""

    person_id: str
    organisation_id: str
    made_at: datetime | None
    secret: str | None


@dataclass(frozen=True)
class FamilyAddress:
    """Where a calendar program reads the bookings of one household; the secret only just after it was made."""

    household_id: str
    name: str
    made_at: datetime | None
    secret: str | None
