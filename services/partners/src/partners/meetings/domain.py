"""Which meetings fit together, and when the owner of a task is reminded."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

NAME_OF_ERASED = "—"
"""Stands where the name of an erased person was, in every language."""

REMINDER_TIME = time(8)


class MeetingKind(StrEnum):
    """`representation`: somebody goes to others on behalf of an organisation."""

    meeting = "meeting"
    representation = "representation"


class MeetingNotFound(Exception):
    """The caller sees no meeting with this id."""


class MeetingChangedMeanwhile(Exception):
    """The meeting is at another version than the one that the change is for."""


class UnfitMeeting(Exception):
    """What was entered contradicts itself; the text says how to put it right."""


class TaskNotFound(Exception):
    """The caller sees no task with this id."""


class TaskChangedMeanwhile(Exception):
    """The task is at another version than the one that the change is for."""


class TaskIsDone(Exception):
    """A task that is done is not given to somebody else any more."""


class NobodyToOwnIt(Exception):
    """The one who shall own the task is no active member of the association."""


@dataclass(frozen=True)
class Attendance:
    """Who was there, and for which organisation he spoke."""

    name: str
    for_organisation_id: UUID


@dataclass(frozen=True)
class Record:
    """What is written down of a meeting, before and after it; `partner_ids` are the other organisations concerned."""

    kind: MeetingKind
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    partner_ids: tuple[UUID, ...]
    agenda: str
    minutes: str
    decisions: tuple[str, ...]
    attendances: tuple[Attendance, ...]


def check_record(keeper_id: UUID, record: Record) -> None:
    """Raises UnfitMeeting."""
    if record.ends_at <= record.starts_at:
        raise UnfitMeeting("The meeting ends before it starts: change one of the two times.")
    if keeper_id in record.partner_ids or len(set(record.partner_ids)) < len(record.partner_ids):
        raise UnfitMeeting("Name the other organisations, each once; your own is there without being named.")
    if record.kind is MeetingKind.representation and not record.attendances:
        raise UnfitMeeting("A representation says who goes, and for whom: name at least one person.")


def reminder_at(due_on: date, time_zone: str) -> datetime:
    """When the owner of a task is reminded: in the morning of its day, in the association's time zone."""
    return datetime.combine(due_on, REMINDER_TIME, ZoneInfo(time_zone))


def without_names(written: str, names: Collection[str]) -> str:
    """The text with each of these names, as whole words in whatever case, replaced.

    A name of one word goes only where it is all that is written: in a sentence it may be somebody else's.
    """
    for name in names:
        words = [re.escape(word) for word in name.split()]
        if len(words) > 1:
            full_name = r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"
            written = re.sub(full_name, NAME_OF_ERASED, written, flags=re.IGNORECASE)
        elif written.strip().casefold() == name.strip().casefold():
            written = NAME_OF_ERASED
    return written
