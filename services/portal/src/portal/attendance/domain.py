"""The attendance sheet: who came, one cell for each place that is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.roster.domain import Roster
from portal.sessions.domain import Session

MARKS = ("present", "absent", "excused")
OPENS_BEFORE = timedelta(hours=1)
KEPT_ON_PHONES_AFTER = timedelta(hours=24)
USUAL_BANDS = ((0, 5), (6, 11), (12, 17), (18, 25), (26, 64), (65, 120))


@dataclass(frozen=True)
class RecordedMark:
    """What stands in one cell, how often it was changed, and when last, on the clock of the site."""

    state: str
    version: int
    marked_at: datetime
    is_own: bool


@dataclass(frozen=True)
class Band:
    """How many came without a name, of these ages; both ends are included."""

    from_age: int
    to_age: int
    count: int = 0

    @property
    def name(self) -> str:
        """What ends the name of its field."""
        return f"{self.from_age}-{self.to_age}"


@dataclass(frozen=True)
class Sheet:
    """The whole sheet; `version` counts the changes of any cell and count."""

    version: int
    marks: Mapping[str, RecordedMark]
    counted: Sequence[Band] = ()

    @property
    def visitors(self) -> int:
        """How many were counted without a name."""
        return sum(band.count for band in self.counted)

    @property
    def bands(self) -> list[Band]:
        """What was counted, and the usual bands that leave room beside it, by age."""
        free = [
            Band(low, high) for low, high in USUAL_BANDS
            if not any(band.from_age <= high and low <= band.to_age for band in self.counted)
        ]  # fmt: skip
        return sorted([*self.counted, *free], key=lambda band: band.from_age)


def sheet_of(answer: Mapping[str, Any], time_zone: str) -> Sheet:
    """The sheet that the activities service tells of."""
    marks = {mark["participant_id"]: mark_of(mark, time_zone) for mark in answer["marks"]}
    return Sheet(answer["version"], marks, counts_of(answer))


def counts_of(answer: Mapping[str, Any]) -> list[Band]:
    """How many came without a name; a band in which nobody was counted is none."""
    return [Band(one["from_age"], one["to_age"], one["count"]) for one in answer["anonymous_counts"] if one["count"]]


def mark_of(answer: Mapping[str, Any], time_zone: str) -> RecordedMark:
    """One cell."""
    marked_at = datetime.fromisoformat(answer["marked_at"]).astimezone(ZoneInfo(time_zone))
    return RecordedMark(answer["state"], answer["version"], marked_at, answer["marked_by_me"])


def is_sheet_open(session: Session, now: datetime) -> bool:
    """True from an hour before the session on, unless it was called off."""
    return not session.is_cancelled and now >= session.starts_at - OPENS_BEFORE


def new_marks(fields: Sequence[tuple[str, str]], roster: Roster) -> list[dict[str, str]]:
    """The marks of a submitted sheet that are new or different; unknown people and words are left out."""
    before = {entry["participant_id"]: entry["mark"] for entry in roster.confirmed}
    wished = {name.removeprefix("mark-"): value for name, value in fields if name.startswith("mark-")}
    return [
        {"participant_id": person_id, "state": mark}
        for person_id, mark in wished.items()
        if person_id in before and mark in MARKS and mark != before[person_id]
    ]


def account_name(subject: str) -> str:
    """What a phone keeps an account's unsent marks under: the same for each sign-in, and no name of anybody."""
    return hashlib.sha256(subject.encode()).hexdigest()[:24]


def bands_of(fields: Mapping[str, str], prefix: str) -> list[Band]:
    """The counts in a form whose fields are called `prefix` and the ages, by age; what is no count is left out."""
    bands = []
    for name, value in fields.items():
        ages = name.removeprefix(prefix).split("-") if name.startswith(prefix) else []
        if len(ages) == 2 and all(text.isascii() and text.isdigit() and len(text) < 5 for text in (*ages, value)):
            bands.append(Band(int(ages[0]), int(ages[1]), int(value)))
    return sorted((band for band in bands if band.count), key=lambda band: band.from_age)


def one_more(bands: Sequence[Band], name: str) -> list[Band]:
    """The same with one more in the band of this name."""
    first, _, last = name.partition("-")
    counts = {band.name: band for band in bands}
    before = counts.get(name, Band(int(first), int(last)))
    counts[name] = Band(before.from_age, before.to_age, before.count + 1)
    return sorted(counts.values(), key=lambda band: band.from_age)
