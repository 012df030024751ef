"""Rooms and vehicles over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.factories.accounts import Person

BASE = "/api/partners/v1"
PICTURE = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
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


def new_photo(**changes: Any) -> dict[str, Any]:
    """The body that adds a picture: the smallest one there is, in WebP."""
    return {"description": "La scène vue de la salle", "content": PICTURE, **changes}


def new_lease(**changes: Any) -> dict[str, Any]:
    """The body that writes down on which terms it is rented."""
    terms = {"side": "tenant", "other_side": "Commune de Valbois", "starts_on": "2024-07-01", "ends_on": "2090-06-30"}
    return {**terms, "notice_months": 3, "rent_minor": 45_000, **changes}


def new_handover(**changes: Any) -> dict[str, Any]:
    """The body that hands a key over."""
    return {"holder_name": "Nadia Peeters", "handed_over_on": "2026-11-02", "due_on": "2026-11-30", **changes}


async def made(person: Person, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The body of a 201."""
    answer = await person.post(f"{BASE}{path}", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def outfit(person: Person, organisation_id: UUID, *, name: str, title: str) -> dict[str, str]:
    """A room with a reservation, a closure, a paper, a lease, a photo and a key; their ids."""
    room = await made(person, "/resources", new_resource(organisation_id, name=name))
    reserved = await made(person, "/reservations", new_reservation(organisation_id, room["id"], 5_000, title=title))
    closed = await made(person, f"/resources/{room['id']}/closures", new_closure(4_500))
    paper = await made(person, f"/resources/{room['id']}/papers", new_paper())
    lease = await made(person, f"/resources/{room['id']}/leases", new_lease(other_side=title))
    photo = await made(person, f"/resources/{room['id']}/photos", new_photo(description=title))
    key = await made(person, f"/resources/{room['id']}/keys", {"label": name})
    await made(person, f"/keys/{key['id']}/handovers", new_handover(holder_name=title))
    returned = await person.post(f"{BASE}/keys/{key['id']}/return", {"returned_on": "2026-11-20"})
    assert returned.status_code == 200, returned.text
    return {
        "lease_id": lease["id"],
        "key_id": key["id"],
        "photo_id": photo["id"],
        "resource_id": room["id"],
        "reservation_id": reserved["id"],
        "closure_id": closed["id"],
        "paper_id": paper["id"],
    }
