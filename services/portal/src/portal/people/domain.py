"""The people of an association: what is recorded of them, their papers, their leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = ("employee", "volunteer", "student", "contractor")
PAPER_KINDS = (
    "animator_certificate", "animator_in_training", "coordinator_certificate", "first_aid", "criminal_record_extract",
    "lifeguard", "driving_licence",
)  # fmt: skip
MINUTES_OF_HOUR = 60


@dataclass(frozen=True)
class Person:
    """Somebody who works or helps; `version` is what an edit names."""

    id: str
    version: int
    kind: str
    display_name: str
    email: str | None
    phone: str | None
    language: str
    weekly_minutes_agreed: int | None
    started_on: date
    ended_on: date | None
    has_account: bool

    def has_ended(self, today: date) -> bool:
        """True when the last day has passed."""
        return self.ended_on is not None and self.ended_on < today

    @property
    def values(self) -> dict[str, str]:
        """The record as a form shows it."""
        hours = None if self.weekly_minutes_agreed is None else self.weekly_minutes_agreed // MINUTES_OF_HOUR
        fields = {
            "kind": self.kind, "display_name": self.display_name, "email": self.email, "phone": self.phone,
            "language": self.language, "weekly_hours": hours, "started_on": self.started_on, "ended_on": self.ended_on,
            "version": self.version,
        }  # fmt: skip
        return {name: "" if value is None else str(value) for name, value in fields.items()}


def person_of(answer: Mapping[str, Any]) -> Person:
    """The person that the staffing service tells of."""
    plain = ("id", "version", "kind", "display_name", "email", "phone", "language", "weekly_minutes_agreed")
    return Person(
        **{name: answer[name] for name in plain},
        started_on=date.fromisoformat(answer["started_on"]),
        ended_on=day_of(answer["ended_on"]),
        has_account=answer["has_account"],
    )


@dataclass(frozen=True)
class Paper:
    """What somebody is qualified for, until when, and whether a planner has seen it."""

    id: str
    person_id: str
    version: int
    kind: str
    issuer: str
    issued_on: date
    expires_on: date | None
    is_verified: bool

    def has_expired(self, today: date) -> bool:
        """True after its last day."""
        return self.expires_on is not None and self.expires_on < today


def paper_of(answer: Mapping[str, Any]) -> Paper:
    """The paper that the staffing service tells of."""
    plain = ("id", "person_id", "version", "kind", "issuer", "is_verified")
    return Paper(
        **{name: answer[name] for name in plain},
        issued_on=date.fromisoformat(answer["issued_on"]),
        expires_on=day_of(answer["expires_on"]),
    )


@dataclass(frozen=True)
class Leave:
    """Days on which somebody is away, both included, or asks to be."""

    id: str
    person_id: str
    version: int
    kind: str
    state: str
    starts_on: date
    ends_on: date


def leave_of(answer: Mapping[str, Any]) -> Leave:
    """The leave that the staffing service tells of."""
    plain = ("id", "person_id", "version", "kind", "state")
    return Leave(
        **{name: answer[name] for name in plain},
        starts_on=date.fromisoformat(answer["starts_on"]),
        ends_on=date.fromisoformat(answer["ends_on"]),
    )


def day_of(text: str | None) -> date | None:
    """A day that may be missing."""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Line:
    """One person on the list of the team, with the papers that hold and the leave that waits for an answer."""

    person: Person
    papers: Sequence[Paper]
    asked: Sequence[Leave]
    signs: Sequence[str]


def lines_of(
    people: Sequence[Person],
    papers: Sequence[Paper],
    leaves: Sequence[Leave],
    signs: Mapping[str, Sequence[str]],
    today: date,
) -> list[Line]:
    """Everybody by name, those who have left last."""
    ordered = sorted(people, key=lambda one: (one.has_ended(today), one.display_name.casefold(), one.id))
    return [
        Line(
            person,
            [paper for paper in papers if paper.person_id == person.id and not paper.has_expired(today)],
            [leave for leave in leaves if leave.person_id == person.id and leave.state == "requested"],
            signs.get(person.id, ()),
        )
        for person in ordered
    ]


WISHES = ("name", "kind", "paper", "order")
ORDERS = ("name", "newest")


def wished_lines(lines: Sequence[Line], wished: Mapping[str, str], today: date) -> list[Line]:
    """Those whose name contains `name`, on a footing, with a paper that holds; `order` by name or the newest first.

    Those who have left come last in any order.
    """
    name, kind, paper = (wished.get(field, "") for field in ("name", "kind", "paper"))
    found = [
        line
        for line in lines
        if name.casefold() in line.person.display_name.casefold()
        and kind in ("", line.person.kind)
        and (not paper or any(one.kind == paper for one in line.papers))
    ]
    if wished.get("order") == "newest":
        found.sort(key=lambda line: (line.person.has_ended(today), -line.person.started_on.toordinal()))
    return found
