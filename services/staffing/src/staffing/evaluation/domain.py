"""Whom associations lent each other, as a federation may see it: numbers of groups, never of a few people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

GROUP_MIN = 5


@dataclass(frozen=True)
class Lent:
    """The people whom one association lent another, and the minutes approved for them."""

    lender_id: UUID
    host_id: UUID
    people: int
    minutes: int


@dataclass(frozen=True)
class LentFigures:
    """The same; None for both numbers where fewer than five people are meant."""

    lender_id: UUID
    host_id: UUID
    people: int | None
    minutes: int | None


def without_small_groups(lent: Lent) -> LentFigures:
    """Suppress what would tell the hours of a few people."""
    if lent.people < GROUP_MIN:
        return LentFigures(lent.lender_id, lent.host_id, None, None)
    return LentFigures(lent.lender_id, lent.host_id, lent.people, lent.minutes)
