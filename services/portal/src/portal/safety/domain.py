"""The risk sheet and the checklist of an activity as forms show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SCALE = ("1", "2", "3", "4")
LINES_MAX = 60
EMPTY_LINES = 2
RISK_FIELDS = ("hazard", "exposed", "likelihood", "severity", "measure", "responsible")


def values_of_sheet(sheet: Mapping[str, Any], today: str) -> dict[str, str]:
    """What the form of a risk sheet starts with; who writes it reviews it today."""
    values = {"sheet-version": str(sheet["version"]), "reviewed_on": today}
    for number, risk in enumerate(sheet["risks"]):
        values |= {f"{name}-{number}": str(risk[name]) for name in RISK_FIELDS}
    return values


def values_of_checklist(checklist: Mapping[str, Any]) -> dict[str, str]:
    """What the form of a checklist starts with."""
    values = {"checklist-version": str(checklist["version"])}
    for number, item in enumerate(checklist["items"]):
        values |= {f"task-{number}": item["task"], f"id-{number}": item["id"]}
        values |= {f"required-{number}": "on"} if item["is_required"] else {}
    return values


def lines_of(values: Mapping[str, str], name: str) -> Sequence[int]:
    """The numbers of the lines that a form shows: those that are filled, and some empty ones."""
    filled = [number for number in range(LINES_MAX) if values.get(f"{name}-{number}", "").strip()]
    return range(min(LINES_MAX, (filled[-1] + 1 if filled else 0) + EMPTY_LINES))
