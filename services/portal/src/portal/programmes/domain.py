"""Programmes on their way from draft to closed, with what they promise to those who book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.directory.domain import Post

NEXT_STATE = {"draft": "approved", "approved": "published", "published": "closed"}
WAITING_RULES = ("arrival", "own_participants_first", "arrival_if_it_fits")
OBJECTIVES_MAX = 3
LEADER = "director"


@dataclass(frozen=True)
class Programme:
    """A programme as its team sees it."""

    id: str
    version: int
    title: str
    season: str
    starts_on: date
    ends_on: date
    audience: str
    state: str
    objectives: Sequence[Mapping[str, Any]]

    @property
    def next_state(self) -> str | None:
        """The one step that can come next."""
        return NEXT_STATE.get(self.state)

    @property
    def is_draft(self) -> bool:
        """True while it can be rewritten."""
        return self.state == "draft"


def programme_of(answer: Mapping[str, Any]) -> Programme:
    """The programme that the activities service tells of."""
    plain = ("id", "version", "title", "season", "audience", "state", "objectives")
    return Programme(
        **{name: answer[name] for name in plain},
        starts_on=date.fromisoformat(answer["starts_on"]),
        ends_on=date.fromisoformat(answer["ends_on"]),
    )


def can_step(programme: Programme, post: Post) -> bool:
    """Directors approve; all who plan publish and close."""
    if programme.next_state is None or not post.is_planner:
        return False
    return programme.next_state != "approved" or LEADER in post.roles
