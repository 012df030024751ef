"""The attestations that a family has and can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attestation:
    """A file that was asked for; it is there once it is made."""

    id: str
    language: str
    asked_at: datetime
    is_made: bool


@dataclass(frozen=True)
class Attestable:
    """A year of one person with one association, and what was made of it, the newest first."""

    participant_id: str
    name: str
    organiser_id: str
    year: int
    days: int
    made: Sequence[Attestation]

    @property
    def is_being_made(self) -> bool:
        """True while a file is awaited."""
        return any(not one.is_made for one in self.made)


def attestable_of(
    years: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[Attestable]:
    """What the service tells, sorted by person within each year."""
    found = [
        Attestable(
            one["participant_id"],
            names.get(one["participant_id"], "–"),
            one["organiser_id"],
            one["year"],
            one["days"],
            [_attestation(made) for made in reversed(asked) if _about(made) == _about(one)],
        )
        for one in years
    ]
    return sorted(found, key=lambda one: (-one.year, one.name))


def _about(one: Mapping[str, Any]) -> tuple[str, str, int]:
    return one["participant_id"], one["organiser_id"], one["year"]


def _attestation(answer: Mapping[str, Any]) -> Attestation:
    asked_at = datetime.fromisoformat(answer["asked_at"])
    return Attestation(answer["id"], answer["language"], asked_at, answer["made_at"] is not None)
