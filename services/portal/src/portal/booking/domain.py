"""Whom somebody may book for, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.sessions.domain import STANDARD, Session


class Obstacle(StrEnum):
    """Why somebody cannot be chosen."""

    too_young = "too_young"
    too_old = "too_old"
    booked_already = "booked_already"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may take part; `age` is on the day of the session."""

    id: str
    name: str
    age: int | None
    obstacle: Obstacle | None


@dataclass(frozen=True)
class Party:
    """A household, or the people of an association that books for them."""

    id: str
    kind: str
    name: str
    candidates: Sequence[Candidate]

    @property
    def has_anybody(self) -> bool:
        """True when at least one can be chosen."""
        return any(candidate.obstacle is None for candidate in self.candidates)


@dataclass(frozen=True)
class Line:
    """One person's place and its price in minor units."""

    candidate: Candidate
    category: str
    price_minor: int


@dataclass(frozen=True)
class Quote:
    """What is about to be booked."""

    lines: Sequence[Line]

    @property
    def total_minor(self) -> int:
        """What all places cost together."""
        return sum(line.price_minor for line in self.lines)


def candidate_of(person: Mapping[str, Any], session: Session, booked_ids: frozenset[str]) -> Candidate:
    """A participant as somebody to choose for the session."""
    born_on = date.fromisoformat(person["born_on"]) if person["born_on"] else None
    age = age_on(born_on, session.starts_at.date()) if born_on else None
    name = f"{person['given_name']} {person['family_name']}"
    return Candidate(person["id"], name, age, _obstacle(person["id"], age, session, booked_ids))


def _obstacle(person_id: str, age: int | None, session: Session, booked_ids: frozenset[str]) -> Obstacle | None:
    if person_id in booked_ids:
        return Obstacle.booked_already
    if age is not None and session.age_from is not None and age < session.age_from:
        return Obstacle.too_young
    if age is not None and session.age_to is not None and age > session.age_to:
        return Obstacle.too_old
    return None


def age_on(born_on: date, day: date) -> int:
    """Whole years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def default_category(session: Session) -> str:
    """The category that is chosen unless somebody says otherwise."""
    return STANDARD if STANDARD in session.prices else min(session.prices)


def quote_of(party: Party, chosen_ids: Sequence[str], categories: Mapping[str, str], session: Session) -> Quote:
    """The places of those who are chosen and can be; an unknown category counts as the default one."""
    chosen = [one for one in party.candidates if one.id in chosen_ids and one.obstacle is None]
    lines = []
    for candidate in chosen:
        wished = categories.get(candidate.id, "")
        category = wished if wished in session.prices else default_category(session)
        lines.append(Line(candidate, category, session.prices[category]))
    return Quote(lines)


def will_wait(quote: Quote, session: Session) -> bool:
    """True when too few places are free for all of them; who waits already may make it true in other cases."""
    return len(quote.lines) > session.places_free
