"""Places that somebody is sought for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Search:
    """A place that somebody is sought for; with an assignment, who has it stays until somebody takes over.

    `asked` is how many people are asked, `is_asked` whether the reader is one of them.
    """

    id: str
    organisation_id: str
    shift_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    assignment_id: str | None
    in_return_assignment_id: str | None
    asked: int
    is_asked: bool


@dataclass(frozen=True)
class Exchange:
    """A colleague's shift that could be had for one's own."""

    assignment_id: str
    display_name: str
    title: str
    starts_at: datetime
    ends_at: datetime


def search_of(answer: Mapping[str, Any]) -> Search:
    """The search that the staffing service tells of, on the clock of its place."""
    zone = ZoneInfo(answer["time_zone"])
    plain = (
        "id", "organisation_id", "shift_id", "title", "assignment_id", "in_return_assignment_id", "asked", "is_asked",
    )  # fmt: skip
    return Search(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
    )


def exchange_of(answer: Mapping[str, Any]) -> Exchange:
    """The shift that the staffing service offers in exchange, on the clock of its place."""
    zone = ZoneInfo(answer["time_zone"])
    return Exchange(
        assignment_id=answer["assignment_id"],
        display_name=answer["display_name"],
        title=answer["title"],
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
    )
