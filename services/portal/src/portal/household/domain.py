"""The bookings of a household, sorted by what they ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.sessions.domain import Session

LIVE_STATES = ("confirmed", "waiting", "offered")


@dataclass(frozen=True)
class Booking:
    """One booking with its session and the names of those whom the reader may see on it."""

    id: str
    state: str
    organisation_id: str
    payer_kind: str
    booked_by_organisation_id: str | None
    currency: str
    offer_expires_at: datetime | None
    places: Sequence[Mapping[str, Any]]
    names: Sequence[str]
    session: Session

    @property
    def total_minor(self) -> int:
        """What its places cost together."""
        return sum(place["price_minor"] for place in self.places)

    def can_be_cancelled(self, now: datetime) -> bool:
        """True until the session begins."""
        return self.state in LIVE_STATES and self.session.is_bookable(now)


def booking_of(answer: Mapping[str, Any], session: Session, names: Mapping[str, str]) -> Booking:
    """The booking that the activities service tells of."""
    expires_at = answer["offer_expires_at"]
    return Booking(
        id=answer["id"],
        state=answer["state"],
        organisation_id=answer["organisation_id"],
        payer_kind=answer["payer_kind"],
        booked_by_organisation_id=answer["booked_by_organisation_id"],
        currency=answer["currency"],
        offer_expires_at=datetime.fromisoformat(expires_at).astimezone(session.starts_at.tzinfo)
        if expires_at
        else None,
        places=answer["places"],
        names=[names[place["participant_id"]] for place in answer["places"] if place["participant_id"] in names],
        session=session,
    )


@dataclass(frozen=True)
class Shelves:
    """Bookings by what they ask for: an answer, nothing yet, presence, nothing any more."""

    offered: Sequence[Booking]
    upcoming: Sequence[Booking]
    waiting: Sequence[Booking]
    past: Sequence[Booking]

    @property
    def are_empty(self) -> bool:
        """True when nothing was ever booked."""
        return not (self.offered or self.upcoming or self.waiting or self.past)


def shelve(bookings: Sequence[Booking], now: datetime) -> Shelves:
    """Sort bookings; upcoming ones in order, past and cancelled ones the latest first."""
    ordered = sorted(bookings, key=lambda booking: booking.session.starts_at)
    ahead = [one for one in ordered if one.session.ends_at > now and one.state in LIVE_STATES]
    return Shelves(
        offered=[one for one in ahead if one.state == "offered"],
        upcoming=[one for one in ahead if one.state == "confirmed"],
        waiting=[one for one in ahead if one.state == "waiting"],
        past=[one for one in reversed(ordered) if one not in ahead],
    )


@dataclass(frozen=True)
class Debt:
    """What is owed to one association in one currency, with the places behind it."""

    creditor_id: str
    currency: str
    amount_minor: int
    charges: Sequence[Mapping[str, Any]]


def debts_of(charges: Sequence[Mapping[str, Any]]) -> list[Debt]:
    """Open charges by association."""
    grouped: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for charge in charges:
        if charge["amount_minor"]:
            dated = {**charge, "session_day": date.fromisoformat(charge["session_on"])}
            grouped.setdefault((charge["organisation_id"], charge["currency"]), []).append(dated)
    return [
        Debt(creditor, currency, sum(charge["amount_minor"] for charge in found),
             sorted(found, key=lambda charge: str(charge["session_on"])))
        for (creditor, currency), found in grouped.items()
    ]  # fmt: skip


def waiting_position(decisions: Sequence[Mapping[str, Any]]) -> int | None:
    """The place on the waiting list at which a booking began to wait."""
    positions = [decision["explanation"].get("position") for decision in decisions if decision["decision"] == "waiting"]
    return positions[-1] if positions else None
