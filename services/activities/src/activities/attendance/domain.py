"""Who came: the whole list of a session, corrected as often as needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

LIST_OPENS_BEFORE = timedelta(hours=1)


class AttendanceState(StrEnum):
    """Whether a participant came."""

    present = "present"
    absent = "absent"
    excused = "excused"


class NotBooked(Exception):
    """Attendance is recorded for places that are confirmed in this session."""


class MarkedTwice(Exception):
    """A participant is named twice on one list."""


class NotBegun(Exception):
    """Attendance is recorded from an hour before the session on."""


class MarkedMeanwhile(Exception):
    """Somebody else wrote another mark since this one was read; what they wrote stays."""


class NotOpenDoor(Exception):
    """Anonymous visitors and walk-ins belong to open-door sessions."""


class AgeBandsOverlap(Exception):
    """An age band ends before it starts, or two bands share an age."""


@dataclass(frozen=True)
class Mark:
    """What was seen of one participant."""

    participant_id: UUID
    state: AttendanceState


@dataclass(frozen=True)
class RecordedMark:
    """A mark on the list; its version counts the changes of this one cell from 1 on."""

    participant_id: UUID
    state: AttendanceState
    version: int
    marked_at: datetime
    marked_by: str | None


@dataclass(frozen=True)
class AgeBand:
    """Anonymous visitors; ages in whole years, `to_age` included."""

    from_age: int
    to_age: int
    count: int


def check_begun(starts_at: datetime, now: datetime) -> None:
    """Raise NotBegun more than an hour before the session."""
    if starts_at - now > LIST_OPENS_BEFORE:
        raise NotBegun("Attendance can be recorded from one hour before the session.")


def check_marks(marks: Sequence[Mark], confirmed: Collection[UUID]) -> None:
    """Raise MarkedTwice, or NotBooked when somebody on the list has no confirmed place."""
    named = [mark.participant_id for mark in marks]
    if len(set(named)) < len(named):
        raise MarkedTwice("A participant is named twice.")
    strangers = [str(participant_id) for participant_id in named if participant_id not in confirmed]
    if strangers:
        raise NotBooked(f"Without a confirmed place: {', '.join(strangers)}.")


def check_base(mark: Mark, recorded: RecordedMark | None, base_version: int) -> None:
    """Raise MarkedMeanwhile unless the mark was made on what is recorded now, or says the same.

    `base_version` is the version of the mark that was seen, 0 for none.
    """
    current = 0 if recorded is None else recorded.version
    says_the_same = recorded is not None and recorded.state is mark.state
    if base_version != current and not says_the_same:
        raise MarkedMeanwhile(f"This mark is at version {current} now, not {base_version}: look at both, then decide.")


def check_bands(bands: Sequence[AgeBand], open_door: bool) -> None:
    """Raise NotOpenDoor or AgeBandsOverlap."""
    if bands and not open_door:
        raise NotOpenDoor("Only an open-door session counts anonymous visitors.")
    ordered = sorted(bands, key=lambda band: band.from_age)
    if any(band.to_age < band.from_age for band in ordered):
        raise AgeBandsOverlap("An age band ends before it starts.")
    if any(later.from_age <= earlier.to_age for earlier, later in pairwise(ordered)):
        raise AgeBandsOverlap("Two age bands share an age.")


def one_more(bands: Sequence[AgeBand], from_age: int, to_age: int) -> list[AgeBand]:
    """The same bands with one visitor more in the one of these ages, which begins with him if it is not there."""
    others = [band for band in bands if (band.from_age, band.to_age) != (from_age, to_age)]
    counted = sum(band.count for band in bands) - sum(band.count for band in others)
    return [*others, AgeBand(from_age, to_age, counted + 1)]


def excused_back(price_minor: int, state: AttendanceState, excused_percent: int) -> int:
    """What an excused absence gives back, in minor units, rounded half up; nothing for the others."""
    return (price_minor * excused_percent + 50) // 100 if state is AttendanceState.excused else 0
