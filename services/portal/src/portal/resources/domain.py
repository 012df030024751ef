"""What an association has or may borrow, and who has it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS = 7
KEEPS_OTHERS_AWAY = frozenset({"asked", "held", "confirmed"})


@dataclass(frozen=True)
class Reservation:
    """A reservation on the clock of the resource."""

    id: str
    resource_id: str
    owner_id: str
    lodger_id: str
    title: str
    quantity: int
    state: str
    starts_at: datetime
    ends_at: datetime
    agreement_id: str | None = None

    @property
    def is_asked(self) -> bool:
        """True while its owner has not answered."""
        return self.state == "asked"


@dataclass(frozen=True)
class Resource:
    """A room, a vehicle or a piece of equipment, with its reservations by day of a week."""

    id: str
    owner_id: str
    kind: str
    name: str
    quantity: int
    is_pooled: bool
    days: Sequence[Sequence[Reservation]]


def reservation_of(answer: Mapping[str, Any]) -> Reservation:
    """The reservation that the partners service tells of."""
    zone = ZoneInfo(answer["time_zone"])
    return Reservation(
        id=answer["id"],
        resource_id=answer["resource_id"],
        owner_id=answer["organisation_id"],
        lodger_id=answer["reserved_by_organisation_id"],
        title=answer["title"],
        quantity=answer["quantity"],
        state=answer["state"],
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
        agreement_id=answer["agreement_id"],
    )


def resources_of(
    answers: Sequence[Mapping[str, Any]], reservations: Sequence[Reservation], monday: date, own_id: str
) -> list[Resource]:
    """Own resources first, by name, each with what keeps others away on the days of the week."""
    live = [one for one in reservations if one.state in KEEPS_OTHERS_AWAY]
    found = [
        Resource(
            id=answer["id"],
            owner_id=answer["organisation_id"],
            kind=answer["kind"],
            name=answer["name"],
            quantity=answer["quantity"],
            is_pooled=answer["pooled"],
            days=[_on(live, answer["id"], monday + timedelta(days=number)) for number in range(DAYS)],
        )
        for answer in answers
        if answer["ended_at"] is None
    ]
    return sorted(found, key=lambda one: (one.owner_id != own_id, one.name.casefold()))


def _on(reservations: Sequence[Reservation], resource_id: str, day: date) -> list[Reservation]:
    """What has begun by a day and has not ended before it."""
    return sorted(
        (
            one
            for one in reservations
            if one.resource_id == resource_id and one.starts_at.date() <= day <= one.ends_at.date()
        ),
        key=lambda one: one.starts_at,
    )


def requests_of(reservations: Sequence[Reservation], own_id: str) -> list[Reservation]:
    """What others ask of us and nobody has answered, the first to begin first."""
    asked = [one for one in reservations if one.is_asked and one.owner_id == own_id]
    return sorted(asked, key=lambda one: one.starts_at)
