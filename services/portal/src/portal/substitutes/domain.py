"""Places that somebody is sought for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Search:
    """A place that somebody is sought for, because who had it cannot come."""

    id: str
    organisation_id: str
    shift_id: str
    title: str
    starts_at: datetime
    ends_at: datetime


def search_of(answer: Mapping[str, Any]) -> Search:
    """The search that the staffing service tells of, on the clock of its place."""
    zone = ZoneInfo(answer["time_zone"])
    plain = ("id", "organisation_id", "shift_id", "title")
    return Search(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
    )
