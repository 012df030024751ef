"""Keys of rooms, and who has which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


class KeyNotFound(Exception):
    """The caller sees no key with this id."""


class LabelTaken(Exception):
    """Another key of this resource has the label already."""


class KeyWithdrawn(Exception):
    """The key is lost or out of use."""


class KeyIsOut(Exception):
    """Somebody has the key."""


class KeyIsHere(Exception):
    """Nobody has the key."""


class UnfitDays(Exception):
    """A key comes back, and is due, no earlier than it was handed over."""


@dataclass(frozen=True)
class NewHandover:
    """Who gets a key, by name and, where he is a member, by his membership; and when it is due, if it is."""

    holder_name: str
    membership_id: UUID | None
    handed_over_on: date
    due_on: date | None


def check_days(handed_over_on: date, later: date | None) -> None:
    """Raises UnfitDays."""
    if later is not None and later < handed_over_on:
        raise UnfitDays(f"It was handed over on {handed_over_on.isoformat()}: give that day or a later one.")
