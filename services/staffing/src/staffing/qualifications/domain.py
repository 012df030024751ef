"""Papers that let somebody do a task, and until when they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class QualificationKind(StrEnum):
    """What a paper proves."""

    animator_certificate = "animator_certificate"
    animator_in_training = "animator_in_training"
    coordinator_certificate = "coordinator_certificate"
    first_aid = "first_aid"
    criminal_record_extract = "criminal_record_extract"
    lifeguard = "lifeguard"
    driving_licence = "driving_licence"


class QualificationNotFound(Exception):
    """No paper with this id is known to the caller."""


@dataclass(frozen=True)
class Paper:
    """A paper as a check sees it; only one that a planner has seen counts."""

    kind: QualificationKind
    issued_on: date
    expires_on: date | None
    is_verified: bool

    def holds_on(self, day: date) -> bool:
        """True when the paper was seen and is valid on this day; its last day counts."""
        return self.is_verified and self.issued_on <= day and (self.expires_on is None or day <= self.expires_on)


def held_on(papers: Iterable[Paper], day: date) -> frozenset[QualificationKind]:
    """What somebody is qualified for on a day."""
    return frozenset(paper.kind for paper in papers if paper.holds_on(day))
