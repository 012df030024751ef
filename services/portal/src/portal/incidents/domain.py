"""The log of incidents as its readers see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

SEVERITIES = ("near_miss", "minor", "serious", "grave")


@dataclass(frozen=True)
class FollowUp:
    """Something to do after an incident; late from the day after."""

    id: str
    session_id: str
    version: int
    task: str
    due_on: date
    is_done: bool
    is_late: bool


@dataclass(frozen=True)
class Incident:
    """What happened; moments on the clock of the site, people by name as the list of the session has them."""

    id: str
    happened_at: datetime
    place: str
    what_happened: str
    severity: str
    first_aid: str
    told: str
    people: Sequence[str]
    others_count: int
    is_own: bool
    follow_ups: Sequence[FollowUp]


def follow_up_of(answer: Mapping[str, Any], session_id: str, today: date) -> FollowUp:
    """What is to do, as the activities service tells of it."""
    due_on, is_done = date.fromisoformat(answer["due_on"]), answer["done_at"] is not None
    return FollowUp(
        answer["id"], session_id, answer["version"], answer["task"], due_on, is_done, not is_done and due_on < today
    )


def incident_of(answer: Mapping[str, Any], names: Mapping[str, str], zone: tzinfo | None, today: date) -> Incident:
    """The incident that the activities service tells of; who is not on the list any more is only counted."""
    known = [names[one] for one in answer["participant_ids"] if one in names]
    plain = ("id", "place", "what_happened", "severity", "first_aid", "told")
    return Incident(
        **{name: answer[name] for name in plain},
        happened_at=datetime.fromisoformat(answer["happened_at"]).astimezone(zone),
        people=known,
        others_count=answer["participants_count"] - len(known),
        is_own=answer["recorded_by_me"],
        follow_ups=[follow_up_of(one, answer["session_id"], today) for one in answer["follow_ups"]],
    )


def by_due_day(follow_ups: Iterable[FollowUp]) -> list[FollowUp]:
    """The most urgent first."""
    return sorted(follow_ups, key=lambda one: (one.due_on, one.task))
