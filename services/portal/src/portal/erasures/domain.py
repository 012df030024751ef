"""A receipt in the order in which it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

SERVICES = ("activities", "staffing", "finance", "partners", "notifications")


@dataclass(frozen=True)
class Kept:
    """Records that a duty keeps, until a day included, if that is known."""

    record: str
    count: int
    reason: str
    until: date | None


@dataclass(frozen=True)
class Receipt:
    """What was erased by kind of record, what is kept, and which services have not said all yet."""

    organisation_id: str
    is_complete: bool
    erased: tuple[tuple[str, int], ...]
    kept: tuple[Kept, ...]
    awaited: int


@dataclass(frozen=True)
class Told:
    """One line of the list of erasures, which names nobody."""

    code: str
    subject: str
    asked_at: datetime
    is_complete: bool


def told_of(answer: Mapping[str, Any]) -> Told:
    """The line as the activities service tells it."""
    asked_at = datetime.fromisoformat(answer["asked_at"])
    return Told(answer["code"], answer["subject"], asked_at, answer["state"] == "complete")


def receipt_of(answer: Mapping[str, Any]) -> Receipt:
    """The receipt as the activities service tells it."""
    erased: Counter[str] = Counter()
    for told in answer["answers"]:
        erased.update({item["record"]: item["count"] for item in told["erased"]})
    kept = [item for told in answer["answers"] for item in told["kept"]]
    is_complete = answer["state"] == "complete"
    done = {told["service"] for told in answer["answers"] if told["step"] != "address"}
    return Receipt(
        organisation_id=answer["organisation_id"],
        is_complete=is_complete,
        erased=tuple(sorted(erased.items())),
        kept=tuple(_kept(item) for item in kept),
        awaited=0 if is_complete else len(set(SERVICES) - done),
    )


def _kept(item: Mapping[str, Any]) -> Kept:
    until = date.fromisoformat(item["until"]) if item["until"] else None
    return Kept(item["record"], item["count"], item["reason"], until)
