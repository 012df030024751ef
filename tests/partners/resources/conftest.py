"""Rooms and vehicles over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.factories.accounts import Person

BASE = "/api/partners/v1"
FIRST_DAY = datetime(2030, 1, 1, tzinfo=UTC)


def new_resource(organisation_id: UUID | str, **changes: Any) -> dict[str, Any]:
    """The body that enters a room."""
    fields = {"kind": "room", "name": "Grande salle", "capacity": 40, "price_per_hour_minor": 1_500}
    return {"organisation_id": str(organisation_id), **fields, **changes}


def period(day: float, hours: float = 2) -> dict[str, str]:
    """Some hours, so many days after the first of January 2030."""
    starts_at = FIRST_DAY + timedelta(days=day, hours=10)
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=hours)).isoformat()}


def new_reservation(organisation_id: UUID | str, resource_id: str, day: float = 0, **changes: Any) -> dict[str, Any]:
    """The body that reserves it."""
    ids = {"organisation_id": str(organisation_id), "resource_id": resource_id}
    return {**ids, "title": "Assemblée générale", **period(day), **changes}


def new_closure(day: float = 100, **changes: Any) -> dict[str, Any]:
    """The body that closes it."""
    return {"kind": "maintenance", "reason": "Paint", **period(day), **changes}


def new_paper(**changes: Any) -> dict[str, Any]:
    """The body that proves it safe."""
    days = {"issued_on": "2025-01-01", "expires_on": "2099-01-01"}
    return {"kind": "fire_inspection", "issuer": "SIAMU", **days, **changes}


async def made(person: Person, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body of a 201."""
    answer = await person.post(f"{BASE}{path}", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def outfit(person: Person, organisation_id: UUID, *, name: str, title: str) -> dict[str, str]:
    """A room with a reservation, a closure and a paper; their ids."""
    room = await made(person, "/resources", new_resource(organisation_id, name=name))
    reserved = await made(person, "/reservations", new_reservation(organisation_id, room["id"], 5_000, title=title))
    closed = await made(person, f"/resources/{room['id']}/closures", new_closure(4_500))
    paper = await made(person, f"/resources/{room['id']}/papers", new_paper())
    return {
        "resource_id": room["id"],
        "reservation_id": reserved["id"],
        "closure_id": closed["id"],
        "paper_id": paper["id"],
    }
