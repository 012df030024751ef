"""Asks for the story as an association that has no part in it, as a parent about other families, and as nobody."""

from collections.abc import Awaitable, Callable
from typing import Any

from maillage.signed_in import Refused, SignedIn
from maillage.story.reading import Reading

Equal = Callable[..., Awaitable[None]]


async def check_privacy(equal: Equal, reading: Reading) -> None:
    """The coordinator of the cultural centre and the director of the sports club must learn nothing."""
    for user_name in ("hanna", "marta"):
        person = await reading.stage.person(user_name)
        await equal(
            f"what {user_name}, who has no part in it, sees of the story",
            {"bookings": 0, "charges": 0, "entries": 0, "settlement lines": 0, "budgets": 0, "attendance": 0},
            _count_visible,
            person,
            reading,
        )
        await equal(
            f"what {user_name} is answered who asks by id",
            {"booking": 404, "participant": 404, "coverage": 404, "decisions": 404},
            _statuses,
            person,
            reading,
        )
    await equal("bookings that Greta sees", ["son", "son now"], _bookings_seen, reading, "greta")
    await equal(
        "bookings that Amina sees",
        ["children", "children at the show", "children today"],
        _bookings_seen,
        reading,
        "amina",
    )
    await equal(
        "what somebody is answered who has not signed in",
        {"booking": 401, "participant": 401, "coverage": 401, "decisions": 401},
        _statuses,
        reading.stage.platform.nobody,
        reading,
    )


async def _count_visible(person: SignedIn, reading: Reading) -> dict[str, int]:
    stage = reading.stage
    bookings = {booking["id"] for booking in stage.bookings.values()}
    seen = {"bookings": 0, "charges": 0, "entries": 0, "settlement lines": 0, "budgets": 0, "attendance": 0}
    for session in stage.sessions.values():
        seen["bookings"] += len(await person.list_all("activities", "/bookings", session_id=session["id"]))
        seen["charges"] += len(await person.list_all("finance", "/charges", session_id=session["id"]))
        sheet = await person.get("activities", f"/sessions/{session['id']}/attendance")
        seen["attendance"] += len(sheet["marks"])
    for booking_id in bookings:
        seen["entries"] += len(await person.list_all("finance", "/ledger/entries", booking_id=booking_id))
    lines = await person.list_all("finance", "/settlements/lines")
    seen["settlement lines"] = sum(line["booking_id"] in bookings for line in lines)
    seen["budgets"] = len(await person.list_all("finance", "/budgets", activity_id=stage.activity_id))
    return seen


async def _statuses(person: SignedIn, reading: Reading) -> dict[str, int]:
    stage = reading.stage
    booking = f"/bookings/{stage.bookings['children']['id']}"
    return {
        "booking": await _status(person, "activities", booking),
        "participant": await _status(person, "activities", f"/participants/{stage.participant('tremplin-01-1')}"),
        "coverage": await _status(person, "staffing", f"/sessions/{stage.sessions['workshop']['id']}/coverage"),
        "decisions": await _status(person, "activities", f"{booking}/decisions"),
    }


async def _status(person: SignedIn, service: str, path: str) -> int:
    try:
        await person.get(service, path)
    except Refused as refusal:
        return refusal.status
    return 200


async def _bookings_seen(reading: Reading, user_name: str) -> list[str]:
    """Names of the story's bookings."""
    person = await reading.stage.person(user_name)
    names = {booking["id"]: name for name, booking in reading.stage.bookings.items()}
    seen: list[Any] = []
    for session in reading.stage.sessions.values():
        seen += await person.list_all("activities", "/bookings", session_id=session["id"])
    return sorted(names.get(booking["id"], "one that is not of the story") for booking in seen)
