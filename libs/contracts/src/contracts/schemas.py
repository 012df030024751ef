"""Writes the JSON schema of every event: `python -m contracts.schemas`. The files are committed and tested."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from contracts.event import EVENTS, Event

PUBLISHERS = ("partners", "activities", "staffing", "finance", "notifications")
SCHEMAS = Path(__file__).parents[2] / "schemas"


def all_events() -> list[type[Event]]:
    """Every event class of every publishing service, by wire type."""
    for publisher in PUBLISHERS:
        importlib.import_module(f"contracts.{publisher}")
    return [EVENTS[wire_type] for wire_type in sorted(EVENTS)]


def schema_of(event_class: type[Event]) -> dict[str, Any]:
    """The JSON schema of an event's payload, with its wire name, topic and key."""
    return {
        "$id": event_class.wire_type,
        "x-topic": event_class.topic,
        "x-key": event_class.key_field,
        **event_class.model_json_schema(),
    }


def write_schemas() -> None:
    """Write the schema of every event to its file."""
    for event_class in all_events():
        text = json.dumps(schema_of(event_class), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (SCHEMAS / f"{event_class.wire_type}.json").write_text(text)


if __name__ == "__main__":
    write_schemas()
