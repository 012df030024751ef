"""The saga of a hold: every state, what may happen in it, where it leads, and what the others are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class HoldState(StrEnum):
    """What has become of everything that a session asked for."""

    asked = "asked"
    confirmed = "confirmed"
    refused = "refused"
    late = "late"
    released = "released"


class Happening(StrEnum):
    """What can happen to a hold."""

    everything_held = "everything_held"
    something_refused = "something_refused"
    held_for_nothing = "held_for_nothing"
    time_is_up = "time_is_up"
    wishes_changed = "wishes_changed"
    wishes_gone = "wishes_gone"
    session_cancelled = "session_cancelled"


class Telling(StrEnum):
    """What the holders are told."""

    ask = "ask"
    confirm = "confirm"
    release = "release"


class ReleaseReason(StrEnum):
    """Why everything is given back; the wire carries the same words."""

    refused = "refused"
    late = "late"
    replaced = "replaced"
    session_cancelled = "session_cancelled"
    nothing_wished = "nothing_wished"


@dataclass(frozen=True)
class Transition:
    """Where a happening leads, and what is told, in this order."""

    state: HoldState
    told: Sequence[Telling] = ()
    because: ReleaseReason | None = None


_ASKED, _CONFIRMED, _REFUSED, _LATE, _RELEASED = HoldState
_ASK, _CONFIRM, _RELEASE = Telling
_AGAIN = Transition(_ASKED, [_RELEASE, _ASK], ReleaseReason.replaced)
_AFRESH = Transition(_ASKED, [_ASK])
_GONE = Transition(_RELEASED, [_RELEASE], ReleaseReason.nothing_wished)
_CALLED_OFF = Transition(_RELEASED, [_RELEASE], ReleaseReason.session_cancelled)
_FAILED = Transition(_REFUSED, [_RELEASE], ReleaseReason.refused)

TRANSITIONS: Mapping[tuple[HoldState, Happening], Transition] = {
    # Everything is asked for, and answers are awaited until the deadline. Only this table ends the waiting.
    (_ASKED, Happening.everything_held): Transition(_CONFIRMED, [_CONFIRM]),
    (_ASKED, Happening.something_refused): _FAILED,
    (_ASKED, Happening.time_is_up): Transition(_LATE, [_RELEASE], ReleaseReason.late),
    (_ASKED, Happening.wishes_changed): _AGAIN,
    (_ASKED, Happening.wishes_gone): _GONE,
    (_ASKED, Happening.session_cancelled): _CALLED_OFF,
    # Everything is kept. An owner may still have to take something back; then nothing of it helps any more.
    (_CONFIRMED, Happening.something_refused): _FAILED,
    (_CONFIRMED, Happening.wishes_changed): _AGAIN,
    (_CONFIRMED, Happening.wishes_gone): _GONE,
    (_CONFIRMED, Happening.session_cancelled): _CALLED_OFF,
    # Nothing is kept. Who says "held" now was too late, and is told to give back once more.
    (_REFUSED, Happening.held_for_nothing): Transition(_REFUSED, [_RELEASE], ReleaseReason.refused),
    (_REFUSED, Happening.wishes_changed): _AFRESH,
    (_REFUSED, Happening.wishes_gone): Transition(_RELEASED),
    (_REFUSED, Happening.session_cancelled): Transition(_RELEASED),
    (_LATE, Happening.held_for_nothing): Transition(_LATE, [_RELEASE], ReleaseReason.late),
    (_LATE, Happening.wishes_changed): _AFRESH,
    (_LATE, Happening.wishes_gone): Transition(_RELEASED),
    (_LATE, Happening.session_cancelled): Transition(_RELEASED),
    (_RELEASED, Happening.held_for_nothing): Transition(_RELEASED, [_RELEASE], ReleaseReason.nothing_wished),
    (_RELEASED, Happening.wishes_changed): _AFRESH,
}
"""Whatever is not in this table changes nothing and tells nobody."""

ANSWER_WITHIN_SECONDS = 60
"""How long holders have to answer. Who wishes for something whose owner decides each time gives it days instead."""


class NoHold(Exception):
    """The session has never asked for anything, or the caller may not see it."""


class TooManyWishes(Exception):
    """The wishes name one thing twice, or more people by name than are wanted."""


@dataclass(frozen=True)
class ResourceWish:
    """A resource from so many minutes before the session until so many after it."""

    resource_id: UUID
    owner_organisation_id: UUID
    quantity: int = 1
    minutes_before: int = 0
    minutes_after: int = 0

    def times(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """From when to when it is wanted for a session at this time."""
        return starts_at - timedelta(minutes=self.minutes_before), ends_at + timedelta(minutes=self.minutes_after)


@dataclass(frozen=True)
class PersonWish:
    """How many people in a role, with which qualification, and who is asked for by name."""

    role: str
    count: int = 1
    qualification: str | None = None
    person_ids: Sequence[UUID] = ()


@dataclass(frozen=True)
class Wishes:
    """Everything that a session asks others for."""

    resources: Sequence[ResourceWish] = ()
    people: Sequence[PersonWish] = ()
    answer_within_seconds: int = ANSWER_WITHIN_SECONDS

    @property
    def is_empty(self) -> bool:
        """True when nothing is wished."""
        return not self.resources and not self.people


NOTHING = Wishes()


def check_wishes(wishes: Wishes) -> None:
    """Raise TooManyWishes when a resource comes twice, or more people are named than wanted."""
    resource_ids = [wish.resource_id for wish in wishes.resources]
    if len(resource_ids) != len(set(resource_ids)):
        raise TooManyWishes("Name each resource once, with a quantity.")
    if any(len(wish.person_ids) > wish.count for wish in wishes.people):
        raise TooManyWishes("A role names at most as many people as it wants.")


@dataclass(frozen=True)
class Answers:
    """What has come in for one version: True for held, False for refused, None for nothing yet or not asked."""

    resources: bool | None
    people: bool | None

    def judged_for(self, wishes: Wishes) -> Happening | None:
        """What the answers come to; None while one is still awaited."""
        awaited = [
            answer
            for answer, is_awaited in ((self.resources, wishes.resources), (self.people, wishes.people))
            if is_awaited
        ]
        if False in awaited:
            return Happening.something_refused
        return None if None in awaited else Happening.everything_held


def rooms_in(held: Mapping[str, Any]) -> list[str]:
    """The names of the rooms and grounds among what is held, each once.

    What was held before holders said which is one is left out.
    """
    return list(dict.fromkeys(one["name"] for one in held.get("resources", ()) if one.get("is_place")))


def wishes_from(stored: Mapping[str, Any]) -> Wishes:
    """Wishes as they were stored."""
    return Wishes(
        tuple(
            ResourceWish(**{**wish, **{name: UUID(wish[name]) for name in ("resource_id", "owner_organisation_id")}})
            for wish in stored["resources"]
        ),
        tuple(
            PersonWish(**{**wish, "person_ids": tuple(UUID(one) for one in wish["person_ids"])})
            for wish in stored["people"]
        ),
        stored["answer_within_seconds"],
    )
