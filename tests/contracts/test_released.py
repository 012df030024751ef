"""Released contracts only grow, and every way to break one has been seen."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.schemas import all_events, schema_of
from tests.contracts.released import (
    EXAMPLES,
    breaking_changes,
    broken_contracts,
    changed_examples,
    read_digests,
    read_released,
)

CURRENT = {event.wire_type: schema_of(event) for event in all_events()}
BOOKING = CURRENT["activities.booking_confirmed.v1"]
CANCELLED = CURRENT["activities.booking_cancelled.v1"]

Change = Callable[[dict[str, Any]], object]


def test_released_contracts_only_grew() -> None:
    assert broken_contracts(read_released(), CURRENT) == []


def test_every_event_is_released() -> None:
    assert read_released().keys() == CURRENT.keys(), "run: python -m tests.contracts.released"


def test_released_examples_never_change() -> None:
    assert changed_examples(read_digests()) == []


def test_every_example_is_released() -> None:
    assert read_digests().keys() == {path.name for path in EXAMPLES.glob("*.json")}


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].update(colour={"type": "string", "default": "red"}),
        lambda schema: schema["$defs"]["BookedPlace"]["properties"].update(note={"type": "string", "default": ""}),
        lambda schema: schema["properties"]["title"].update(description="What it is called"),
        lambda schema: schema["$defs"]["CancellationReason"]["enum"].append("by_weather"),
        lambda schema: schema["$defs"].update(Unused={"type": "string"}),
    ],
)
def test_growing_is_no_break(change: Change) -> None:
    grown = copy.deepcopy(CANCELLED)
    change(grown)
    assert grown != CANCELLED
    assert breaking_changes(CANCELLED, grown) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda schema: schema["properties"].pop("title"), "/title: field removed"),
        (lambda schema: schema["$defs"]["BookedPlace"]["properties"].pop("age"), "/places/[]/age: field removed"),
        (lambda schema: schema["properties"]["version"].update(type="string"), "/version: type was"),
        (lambda schema: schema["properties"]["session_id"].pop("format"), "/session_id: format was"),
        (lambda schema: schema["properties"]["currency"].update(pattern="^[a-z]{3}$"), "/currency: pattern was"),
        (lambda schema: schema["properties"]["contact_id"]["anyOf"].pop(), "/contact_id: type changed"),
        (lambda schema: schema["properties"]["contact_id"]["anyOf"][0].update(type="integer"), "/contact_id: type was"),
        (lambda schema: schema["properties"].update(places={"type": "array"}), "/places: type changed"),
        (lambda schema: schema["required"].append("contact_id"), "/contact_id: new required field"),
        (lambda schema: schema["required"].remove("title"), "/title: required no more"),
        (lambda schema: schema["$defs"]["BookedPlace"]["required"].append("note"), "/note: new required field"),
        (lambda schema: schema["$defs"]["CancellationReason"]["enum"].remove("by_request"), "value by_request removed"),
        (lambda schema: schema["properties"]["previous_state"]["enum"].pop(), "/previous_state: value offered removed"),
        (lambda schema: schema["$defs"]["Payer"]["properties"]["kind"].pop("enum"), "/payer/kind: "),
        (lambda schema: schema["$defs"]["BookedPlace"]["properties"]["price_minor"].update(maximum=10), "maximum was"),
        (lambda schema: schema.update({"$id": "activities.booking_revoked.v1"}), ": $id was"),
        (lambda schema: schema.update({"x-topic": "activities.revocations"}), ": x-topic was"),
        (lambda schema: schema.update({"x-key": "session_id"}), ": x-key was"),
    ],
)
def test_a_breaking_change_is_seen(change: Change, told: str) -> None:
    broken = copy.deepcopy(CANCELLED)
    change(broken)
    assert [fault for fault in breaking_changes(CANCELLED, broken) if told in fault]


def test_a_removed_contract_is_seen() -> None:
    rest = {wire_type: schema for wire_type, schema in CURRENT.items() if schema is not BOOKING}
    assert broken_contracts(CURRENT, rest) == ["activities.booking_confirmed.v1: contract removed"]


def test_a_changed_or_missing_example_is_seen(tmp_path: Path) -> None:
    for path in EXAMPLES.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert changed_examples(read_digests(), tmp_path) == []
    (tmp_path / "activities.booking_confirmed.v1.json").write_text("{}")
    (tmp_path / "activities.booking_offered.v1.json").unlink()
    assert changed_examples(read_digests(), tmp_path) == [
        "activities.booking_confirmed.v1.json",
        "activities.booking_offered.v1.json",
    ]
