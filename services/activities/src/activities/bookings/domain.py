"""Rules of bookings: who may have a place, who pays, and what is given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from activities.participants.domain import age_on


class BookingState(StrEnum):
    """What a booking has come to."""

    confirmed = "confirmed"
    waiting = "waiting"
    offered = "offered"
    cancelled = "cancelled"


LIVE_STATES = (BookingState.confirmed, BookingState.waiting, BookingState.offered)


class UnknownBooking(Exception):
    """There is no such booking, or the caller may not see it."""


class NotEligible(Exception):
    """A participant's age lies outside the limits of the session."""


class UnknownPriceCategory(Exception):
    """The session has no such price category."""


class Raced(Exception):
    """Somebody else was a moment faster: the same request, the same participant, or a change of the session."""


class SessionFull(Exception):
    """Too few places are free and the caller does not want to wait."""


class SeveralHouseholds(Exception):
    """One booking is paid by one household, or by the association that books."""


class UnknownParticipants(Exception):
    """Some participants do not exist, or the caller does not answer for them."""


class NamedTwice(Exception):
    """A participant is named twice in one booking."""


@dataclass(frozen=True)
class Wish:
    """A place that somebody asks for."""

    participant_id: UUID
    price_category: str


@dataclass(frozen=True)
class Guest:
    """What the rules need to know of a participant; `contact_id` is who is told for the household."""

    participant_id: UUID
    home_organisation_id: UUID
    household_id: UUID | None
    born_on: date | None
    contact_id: UUID | None


@dataclass(frozen=True)
class Offer:
    """What a session offers: its day on the site's calendar, age limits and prices in minor units."""

    on: date
    age_from: int | None
    age_to: int | None
    prices: Mapping[str, int]


@dataclass(frozen=True)
class PricedPlace:
    """A place with the price that is frozen on it; age in whole years on the day, None when not known."""

    participant_id: UUID
    home_organisation_id: UUID
    age: int | None
    price_category: str
    price_minor: int


@dataclass(frozen=True)
class Debtor:
    """Who owes the charge."""

    kind: Literal["household", "organisation"]
    id: UUID


def price_places(offer: Offer, wishes: Sequence[Wish], guests: Mapping[UUID, Guest]) -> list[PricedPlace]:
    """Check every wish and freeze its price.

    Raises NamedTwice, UnknownParticipants, UnknownPriceCategory or NotEligible.
    """
    ids = [wish.participant_id for wish in wishes]
    if len(set(ids)) < len(ids):
        raise NamedTwice("A participant is named twice.")
    missing = [str(participant_id) for participant_id in ids if participant_id not in guests]
    if missing:
        raise UnknownParticipants(f"Not known to you: {', '.join(missing)}.")
    return [_price_place(offer, wish, guests[wish.participant_id]) for wish in wishes]


def _price_place(offer: Offer, wish: Wish, guest: Guest) -> PricedPlace:
    if wish.price_category not in offer.prices:
        raise UnknownPriceCategory(f"The price categories are {', '.join(sorted(offer.prices))}.")
    age = age_on(guest.born_on, offer.on) if guest.born_on is not None else None
    check_age(offer, age)
    return PricedPlace(
        guest.participant_id, guest.home_organisation_id, age, wish.price_category, offer.prices[wish.price_category]
    )


def check_age(offer: Offer, age: int | None) -> None:
    """Raise NotEligible when the age is known and outside the limits; an unknown age is for the staff to judge."""
    if age is None:
        return
    if offer.age_from is not None and age < offer.age_from:
        raise NotEligible(f"This session is for people from {offer.age_from} years; the participant will be {age}.")
    if offer.age_to is not None and age > offer.age_to:
        raise NotEligible(f"This session is for people up to {offer.age_to} years; the participant will be {age}.")


def debtor_of(guests: Sequence[Guest], booked_by_organisation_id: UUID | None) -> Debtor:
    """The association that books for its people pays for them; else the household; else the home association.

    Raises SeveralHouseholds when the participants do not pay together.
    """
    if booked_by_organisation_id is not None:
        return Debtor("organisation", booked_by_organisation_id)
    households = {guest.household_id for guest in guests}
    if len(households) > 1:
        raise SeveralHouseholds("Book each household by itself, or as an association.")
    household_id = households.pop()
    if household_id is not None:
        return Debtor("household", household_id)
    homes = {guest.home_organisation_id for guest in guests}
    if len(homes) > 1:
        raise SeveralHouseholds("Participants without a household must have the same home association.")
    return Debtor("organisation", homes.pop())
