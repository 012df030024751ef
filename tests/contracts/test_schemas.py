"""Every event has a committed schema that equals its class, and an example that says all of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.activities import BookingConfirmed
from contracts.event import Event
from contracts.schemas import SCHEMAS, all_events, schema_of
from contracts.topics import TOPICS
from tests.contracts.released import EXAMPLES

ADDED_LATER = {
    "activities.contact_changed.v1": {"/prefers_phone"},
    "activities.booking_cancelled.v1": {"/rooms", "/session_cancellation_reason", "/session_version", "/site_id"},
    "activities.booking_confirmed.v1": {"/rooms", "/session_version", "/site_id"},
    "activities.booking_offered.v1": {"/is_told_by_link", "/rooms", "/session_version", "/site_id"},
    "activities.booking_waitlisted.v1": {"/rooms", "/session_version", "/site_id"},
    "activities.guest_places_held.v1": {"/purpose", "/rooms", "/site_id"},
    "activities.session_rescheduled.v1": {"/previous_site_id"},
    "partners.organisation_changed.v1": {"/colour", "/iban"},
    "partners.resources_held.v1": {"/reservations[]/is_place"},
    "staffing.coverage_restored.v1": {"/grounds"},
    "staffing.coverage_short.v1": {"/grounds"},
    "staffing.shift_assigned.v1": {"/activity_id", "/currency", "/extra_cost_minor"},
    "staffing.substitute_sought.v1": {"/asked_elsewhere"},
    "activities.hold_released.v1": {"/refused", "/starts_at", "/time_zone", "/title"},
}
"""Optional fields that came after the example was released: it stays as it is, and shows that old events are read."""

every_event = pytest.mark.parametrize("event_class", all_events(), ids=lambda event_class: event_class.wire_type)


def faults_of_example(event_class: type[Event], text: str) -> list[str]:
    """What is wrong with an example: it must be valid, and say every field of its release and no other."""
    try:
        event = event_class.model_validate_json(text)
    except ValidationError as error:
        return [str(error)]
    written, known = json.loads(text), json.loads(event.model_dump_json())
    later = {f"{path}: only on one side" for path in ADDED_LATER.get(event_class.wire_type, ())}
    return [fault for fault in _unequal_fields(written, known, "") if fault not in later]


def _unequal_fields(written: Any, known: Any, path: str) -> list[str]:
    if isinstance(written, dict) and isinstance(known, dict):
        faults = [f"{path}/{name}: only on one side" for name in sorted(written.keys() ^ known.keys())]
        for name in written.keys() & known.keys():
            faults += _unequal_fields(written[name], known[name], f"{path}/{name}")
        return faults
    if isinstance(written, list) and isinstance(known, list) and len(written) == len(known):
        return [fault for pair in zip(written, known, strict=True) for fault in _unequal_fields(*pair, f"{path}[]")]
    return [] if written == known else [f"{path}: {written!r} is read as {known!r}"]


def stale_schemas(folder: Path) -> list[str]:
    """The events whose schema file is missing or not that of the class, and files without an event."""
    expected = {f"{event.wire_type}.json": schema_of(event) for event in all_events()}
    present = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    return sorted(name for name in expected.keys() | present.keys() if expected.get(name) != present.get(name))


def test_every_schema_is_that_of_its_class() -> None:
    assert stale_schemas(SCHEMAS) == [], "run: python -m contracts.schemas"


def test_a_stale_missing_or_stray_schema_is_seen(tmp_path: Path) -> None:
    for path in SCHEMAS.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert stale_schemas(tmp_path) == []
    stale = tmp_path / "activities.booking_confirmed.v1.json"
    stale.write_text(stale.read_text().replace('"price_minor"', '"price_cents"'))
    (tmp_path / "activities.booking_offered.v1.json").unlink()
    (tmp_path / "activities.booking_forgotten.v1.json").write_text("{}")
    assert stale_schemas(tmp_path) == [
        "activities.booking_confirmed.v1.json",
        "activities.booking_forgotten.v1.json",
        "activities.booking_offered.v1.json",
    ]


@every_event
def test_every_event_has_a_whole_example(event_class: type[Event]) -> None:
    assert faults_of_example(event_class, (EXAMPLES / f"{event_class.wire_type}.json").read_text()) == []


def test_there_is_no_example_without_an_event() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == {event.wire_type for event in all_events()}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"version": 1', '"version": "one"', "version"),
        ('"version": 1', '"version": 1, "colour": "red"', "/colour: only on one side"),
        ('"contact_id": null,', "", "/contact_id: only on one side"),
        ('"price_minor": 500', '"price_minor": 500, "discount": 1', "/places[]/discount: only on one side"),
        ('"currency": "EUR"', '"currency": "euro"', "currency"),
        ('"starts_at": "2026-10-14T12:00:00Z"', '"starts_at": "2026-10-14T12:00:00"', "starts_at"),
    ],
)
def test_a_faulty_example_is_seen(old: str, new: str, told: str) -> None:
    text = (EXAMPLES / f"{BookingConfirmed.wire_type}.json").read_text()
    faults = faults_of_example(BookingConfirmed, text.replace(old, new))
    assert any(told in fault for fault in faults)


@every_event
def test_the_wire_name_says_publisher_fact_and_version(event_class: type[Event]) -> None:
    publisher, fact, version = event_class.wire_type.split(".")
    assert event_class.__module__ == f"contracts.{publisher}"
    assert event_class.topic.startswith(f"{publisher}.")
    assert event_class.topic in TOPICS
    assert fact == fact.lower()
    assert version.startswith("v")
    assert event_class.key_field in event_class.model_fields
