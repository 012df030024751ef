"""Courses for the people of an association, who takes part, and the paper that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

LIVE_TRAINEES = ("enrolled", "attended", "missed")


@dataclass(frozen=True)
class Trainee:
    """Somebody who takes part, and whether a paper came of it."""

    person_id: str
    state: str
    has_paper: bool


@dataclass(frozen=True)
class Training:
    """A course on the clock of its place; `version` is what an edit names."""

    id: str
    organisation_id: str
    version: int
    state: str
    title: str
    kind: str
    issuer: str
    starts_at: datetime
    ends_at: datetime
    places: int
    valid_months: int | None
    trainees: Sequence[Trainee]

    @property
    def places_free(self) -> int:
        """How many more may take part."""
        return max(0, self.places - len(self.trainees))

    def is_over(self, now: datetime) -> bool:
        """True once it has ended: then somebody says who was there."""
        return now >= self.ends_at


def training_of(answer: Mapping[str, Any]) -> Training:
    """The training that the staffing service tells of; who withdrew is left out."""
    zone = ZoneInfo(answer["time_zone"])
    plain = ("id", "organisation_id", "version", "state", "title", "kind", "issuer", "places", "valid_months")
    return Training(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
        trainees=tuple(
            Trainee(one["person_id"], one["state"], one["qualification_id"] is not None)
            for one in answer["trainees"]
            if one["state"] in LIVE_TRAINEES
        ),
    )


def by_time(trainings: Iterable[Training], now: datetime) -> tuple[list[Training], list[Training]]:
    """Those to come or under way, the next first; then those that were, the last first."""
    ordered = sorted(trainings, key=lambda one: (one.starts_at, one.id))
    coming = [one for one in ordered if not one.is_over(now)]
    return coming, [one for one in reversed(ordered) if one.is_over(now)]
