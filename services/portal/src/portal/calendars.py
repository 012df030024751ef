"""Sessions as a calendar that other programs subscribe to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from icalendar import STATUS, Calendar, Event

from portal.directory.domain import Directory, Placed
from portal.sessions.domain import Session

REFRESH = "PT1H"


class Expected(Protocol):
    """A shift that somebody is on, or a session that somebody has places in."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def title(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


class Booked(Expected, Placed, Protocol):
    """A session that people of a family have places in."""

    @property
    def given_names(self) -> Sequence[str]: ...


def calendar_of(name: str, sessions: Sequence[Session], directory: Directory, address: str) -> Calendar:
    """The calendar; a session keeps its UID, and its version is the SEQUENCE, so that changes replace it."""
    calendar = _empty(name, "Agenda", f"{address}/{name}")
    for session in sessions:
        calendar.add_component(_event(session, directory, address))
    return calendar


def calendar_of_shifts(
    name: str, shifts: Sequence[Expected], address: str, places: Mapping[str, str] | None = None
) -> Calendar:
    """Somebody's own shifts; a shift keeps its UID, and its version is the SEQUENCE. `places` are by shift."""
    calendar = _empty(name, "Shifts", f"{address}/shifts")
    for shift in shifts:
        starts_at, ends_at = shift.starts_at.astimezone(UTC), shift.ends_at.astimezone(UTC)
        uid = f"{shift.id}@maillage"
        calendar.add_component(
            Event.new(
                uid=uid,
                stamp=starts_at,
                start=starts_at,
                end=ends_at,
                summary=shift.title,
                location=(places or {}).get(shift.id),
                sequence=shift.version,
                url=f"{address}/shifts",
            )
        )
    return calendar


def calendar_of_bookings(
    name: str, bookings: Sequence[Booked], address: str, directory: Directory | None = None
) -> Calendar:
    """A family's bookings; a booking keeps its UID, and the version of its session is the SEQUENCE."""
    calendar = _empty(name, "Bookings", f"{address}/household")
    for booking in bookings:
        starts_at, ends_at = booking.starts_at.astimezone(UTC), booking.ends_at.astimezone(UTC)
        calendar.add_component(
            Event.new(
                uid=f"{booking.id}@maillage",
                stamp=starts_at,
                start=starts_at,
                end=ends_at,
                summary=f"{booking.title}: {', '.join(booking.given_names)}",
                location=directory.place_of(booking) if directory else None,
                sequence=booking.version,
                url=f"{address}/bookings/{booking.id}",
            )
        )
    return calendar


def _empty(name: str, what: str, uid: str) -> Calendar:
    """A calendar that programs read again every hour."""
    calendar = Calendar.new(name=name, prodid=f"-//Maillage//{what}//EN", uid=uid)
    calendar.add("REFRESH-INTERVAL;VALUE=DURATION", REFRESH)
    calendar.add("X-PUBLISHED-TTL", REFRESH)
    return calendar


def calendar_of_resource(reserved: Mapping[str, Any], address: str) -> Calendar:
    """When something is reserved and what for; a reservation keeps its UID, its version is the SEQUENCE."""
    calendar = _empty(reserved["name"], "Rooms", f"{address}/{reserved['resource_id']}")
    for one in reserved["reservations"]:
        starts_at, ends_at = (datetime.fromisoformat(one[name]).astimezone(UTC) for name in ("starts_at", "ends_at"))
        calendar.add_component(
            Event.new(
                uid=f"{one['id']}@maillage",
                stamp=starts_at,
                start=starts_at,
                end=ends_at,
                summary=one["title"],
                location=reserved["name"],
                status=STATUS.CONFIRMED if one["state"] == "confirmed" else STATUS.TENTATIVE,
                sequence=one["version"],
            )
        )
    return calendar


def _event(session: Session, directory: Directory, address: str) -> Event:
    url = f"{address}/o/{directory.slug_of(session.organisation_id)}/sessions/{session.id}"
    starts_at, ends_at = session.starts_at.astimezone(UTC), session.ends_at.astimezone(UTC)
    return Event.new(
        uid=f"{session.id}@maillage",
        # A fixed stamp keeps the feed the same while nothing changes, so that readers need not fetch it again.
        stamp=starts_at,
        start=starts_at,
        end=ends_at,
        summary=session.title,
        location=directory.place_of(session),
        status=STATUS.CANCELLED if session.is_cancelled else STATUS.CONFIRMED,
        sequence=session.version,
        url=url,
        description=f"{directory.name_of(session.organisation_id)}\n{url}",
    )
