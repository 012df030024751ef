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


@dataclass(frozen=True)
class RecordedMark:
    """What stands in one cell, how often it was changed, and when last, on the clock of the site."""

    state: str
    version: int
    marked_at: datetime
    is_own: bool


@dataclass(frozen=True)
class Sheet:
    """The whole sheet; `version` counts the changes of any cell."""

    version: int
    marks: Mapping[str, RecordedMark]


def sheet_of(answer: Mapping[str, Any], time_zone: str) -> Sheet:
    """The sheet that the activities service tells of."""
    return Sheet(answer["version"], {mark["participant_id"]: mark_of(mark, time_zone) for mark in answer["marks"]})


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
