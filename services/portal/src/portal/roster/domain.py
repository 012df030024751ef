"""Everybody on the list of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MARKS = ("present", "absent", "excused")

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Roster:
    """The list by what the places are: taken, offered, waited for."""

    confirmed: Sequence[Entry]
    offered: Sequence[Entry]
    waiting: Sequence[Entry]

    @property
    def is_empty(self) -> bool:
        """True when nobody asked for a place."""
        return not (self.confirmed or self.offered or self.waiting)

    def count(self, mark: str) -> int:
        """How many of the confirmed have a mark."""
        return sum(entry["mark"] == mark for entry in self.confirmed)

    @property
    def unmarked(self) -> int:
        """How many of the confirmed have none yet."""
        return sum(entry["mark"] is None for entry in self.confirmed)


def roster_of(entries: Sequence[Entry]) -> Roster:
    """Sort the list; who waits is in the order of arrival."""
    waiting = [entry for entry in entries if entry["booking_state"] == "waiting"]
    return Roster(
        confirmed=[entry for entry in entries if entry["booking_state"] == "confirmed"],
        offered=[entry for entry in entries if entry["booking_state"] == "offered"],
        waiting=sorted(waiting, key=lambda entry: (entry["waiting_since"] or "", entry["booking_id"])),
    )


def marks_of(fields: Sequence[tuple[str, str]], roster: Roster) -> list[dict[str, str]]:
    """The marks of a submitted sheet that are new or different; unknown people and words are left out."""
    before = {entry["participant_id"]: entry["mark"] for entry in roster.confirmed}
    wished = {name.removeprefix("mark-"): value for name, value in fields if name.startswith("mark-")}
    return [
        {"participant_id": person_id, "state": mark}
        for person_id, mark in wished.items()
        if person_id in before and mark in MARKS and mark != before[person_id]
    ]
