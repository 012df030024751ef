"""What every service says alike when it has erased a person: how much is gone, what it keeps, why and until when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from contracts.event import Event, Fact


class ErasedRecords(Fact):
    """How many records of a kind hold nothing of the person any more."""

    record: str
    count: int


class KeptRecords(Fact):
    """How many records of a kind stay, and the duty that keeps them, until a day included if that is known."""

    record: str
    count: int
    reason: str
    until: date | None = None


class ErasureAnswer(Event):
    """A service's answer to one step of an erasure; the same answer may come more than once."""

    erasure_id: UUID
    step: str
    erased: tuple[ErasedRecords, ...] = ()
    kept: tuple[KeptRecords, ...] = ()
