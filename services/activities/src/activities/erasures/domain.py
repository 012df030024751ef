"""Rules of erasing a person: who answers in which step, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Subject(StrEnum):
    """Who is erased; `own_account` is whatever one association keeps of the one who asks."""

    household = "household"
    participant = "participant"
    worker = "worker"
    own_account = "own_account"


class ErasureState(StrEnum):
    """How far an erasure has come: asked, then the step that is under way, then complete."""

    asked = "asked"
    address = "address"
    records = "records"
    messages = "messages"
    complete = "complete"


class UnknownErasure(Exception):
    """There is no such erasure, or the caller may not see it."""


class NothingToErase(Exception):
    """The association keeps nothing under this id."""


class StillBooked(Exception):
    """Bookings to come need their participants: they are cancelled first."""


OWN_SERVICE = "activities"
ANSWERS_OF: Mapping[ErasureState, frozenset[str]] = {
    ErasureState.asked: frozenset(),
    ErasureState.address: frozenset({"notifications"}),
    ErasureState.records: frozenset({OWN_SERVICE, "staffing", "finance", "partners"}),
    ErasureState.messages: frozenset({"notifications"}),
}
"""The steps in order, each with the services that must have answered before the next one begins.

What is erased may lead to a last message, and the receipt goes to the last address: so messages come last, and their
address is set aside before its owner erases it.
"""
STEPS = (*ANSWERS_OF, ErasureState.complete)


@dataclass(frozen=True)
class Scope:
    """The records that an erasure is about, all of one association."""

    household_ids: tuple[UUID, ...] = ()
    participant_ids: tuple[UUID, ...] = ()
    contact_ids: tuple[UUID, ...] = ()
    worker_ids: tuple[UUID, ...] = ()
    account_digests: tuple[str, ...] = ()
    is_whole_account: bool = False


def state_after(state: ErasureState, answered: Collection[str]) -> ErasureState:
    """The state once these services have answered its step: the next one, or the same while an answer is missing."""
    if state is ErasureState.complete or not ANSWERS_OF[state] <= set(answered):
        return state
    return STEPS[STEPS.index(state) + 1]


def check_nothing_to_come(bookings: int) -> None:
    """Raise StillBooked while there are bookings to come."""
    if bookings:
        raise StillBooked(f"Cancel first what is to come: there are {bookings} bookings or places on waiting lists.")
