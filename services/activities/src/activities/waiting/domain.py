"""Who is offered a place that became free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from activities.programmes.domain import WaitingRule


class NoOffer(Exception):
    """There is no open offer for this booking."""


class OfferExpired(Exception):
    """The offer was not answered in time."""


@dataclass(frozen=True)
class Waiting:
    """A booking that waits; `own` is whether all its participants are at home with the organiser."""

    booking_id: UUID
    places: int
    own: bool


def choose_offers(waiting: Sequence[Waiting], capacity: int, free: int, rule: WaitingRule) -> list[Waiting]:
    """Who is offered places now, given in the order of arrival.

    A group that is larger than the session holds nobody up.
    `arrival`: strictly in order; a group that does not fit makes those behind it wait too.
    `own_participants_first`: the same, after those who are at home with the organiser.
    `arrival_if_it_fits`: in order, but a group that does not fit is passed over for now.
    """
    ordered = sorted(waiting, key=lambda item: not item.own) if rule is WaitingRule.own_participants_first else waiting
    chosen: list[Waiting] = []
    for item in ordered:
        if item.places <= free:
            chosen.append(item)
            free -= item.places
        elif item.places <= capacity and rule is not WaitingRule.arrival_if_it_fits:
            break
    return chosen


def offer_expires_at(now: datetime, offer_hours: int, starts_at: datetime) -> datetime:
    """Until when an offer made now is open: its hours, but never into the session."""
    return min(now + timedelta(hours=offer_hours), starts_at)


def check_offer(expires_at: datetime | None, now: datetime) -> None:
    """Raise NoOffer without an offer, OfferExpired from its last moment on."""
    if expires_at is None:
        raise NoOffer("There is no open offer for this booking.")
    if expires_at <= now:
        raise OfferExpired(f"The offer was open until {expires_at.isoformat()}.")
