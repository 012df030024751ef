"""Meetings with partners, and the tasks that come from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.home_zone import HOME_ZONE

KINDS = ("meeting", "representation")
PEOPLE_SHOWN = 5


@dataclass(frozen=True)
class Meeting:
    """A meeting in a list, on the association's clock."""

    id: str
    kind: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    partner_ids: Sequence[str]


@dataclass(frozen=True)
class Task:
    """A task with the name of its owner."""

    id: str
    title: str
    owner: str
    due_on: date
    is_done: bool
    is_late: bool
    meeting_id: str | None


def meeting_of(answer: Mapping[str, Any]) -> Meeting:
    """The meeting that the partners service tells of."""
    plain = ("id", "kind", "title", "place", "partner_ids")
    return Meeting(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(HOME_ZONE),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(HOME_ZONE),
    )


def task_of(answer: Mapping[str, Any], owners: Mapping[str, str], today: date) -> Task:
    """The task that the partners service tells of; late from the day after the one that it is due on."""
    due_on, is_done = date.fromisoformat(answer["due_on"]), answer["done_at"] is not None
    return Task(
        id=answer["id"],
        title=answer["title"],
        owner=owners.get(answer["owner_membership_id"], "–"),
        due_on=due_on,
        is_done=is_done,
        is_late=not is_done and due_on < today,
        meeting_id=answer["meeting_id"],
    )


def ordered(tasks: Sequence[Task]) -> list[Task]:
    """Open tasks first, the most urgent first."""
    return sorted(tasks, key=lambda one: (one.is_done, one.due_on, one.title.casefold()))


def by_time(meetings: Sequence[Meeting], moment: datetime) -> tuple[list[Meeting], list[Meeting]]:
    """Those to come, the next first; those that were, the last first."""
    coming = sorted((one for one in meetings if one.ends_at > moment), key=lambda one: one.starts_at)
    past = sorted((one for one in meetings if one.ends_at <= moment), key=lambda one: one.starts_at, reverse=True)
    return coming, past


def lines_of(text: str) -> list[str]:
    """One decision a line; empty lines say nothing."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def fields_of(answer: Mapping[str, Any]) -> dict[str, str]:
    """What was written of a meeting, as its form shows it."""
    meeting = meeting_of(answer)
    people = {
        name: value
        for number, one in enumerate(answer["attendances"])
        for name, value in ((f"name-{number}", one["name"]), (f"for-{number}", one["for_organisation_id"]))
    }
    return {
        "kind": meeting.kind,
        "title": meeting.title,
        "place": meeting.place,
        "on": meeting.starts_at.date().isoformat(),
        "starts": f"{meeting.starts_at:%H:%M}",
        "ends": f"{meeting.ends_at:%H:%M}",
        "agenda": answer["agenda"],
        "minutes": answer["minutes"],
        "decisions": "\n".join(answer["decisions"]),
        **people,
    }


def places_for_people(values: Mapping[str, str]) -> range:
    """So many people fit the form: those written down, and some more."""
    written = sum(1 for name, value in values.items() if name.startswith("name-") and value)
    return range(max(PEOPLE_SHOWN, written + 2))
