"""Rules of bookings: who may have a place, who pays, and what is given back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.participants.domain import age_on
from activities.sessions.domain import SessionFacts


class BookingState(StrEnum):
    """What a booking has come to."""

    confirmed = "confirmed"
    waiting = "waiting"
    offered = "offered"
    cancelled = "cancelled"


OTHERS_WAIT = "others_wait_already"


class UnknownBooking(Exception):
    """There is no such booking, or the caller may not see it."""


class NotEligible(Exception):
    """A participant's age lies outside the limits of the session."""


class UnknownPriceCategory(Exception):
    """The session has no such price category."""


class Raced(Exception):
    """Somebody else was a moment faster: the same request, the same participant, or a change of the session."""


class SessionFull(Exception):
    """Too few places are free and the caller does not want to wait, or waiting would never help."""


class NothingToCancel(Exception):
    """The booking has no such places any more."""


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


@dataclass(frozen=True)
class BookingRequest:
    """What somebody asks for; `accepts_waiting` is whether they join the list when the session is full."""

    session_id: UUID
    wishes: Sequence[Wish]
    booked_by_organisation_id: UUID | None
    accepts_waiting: bool
    walked_in: bool = False


@dataclass(frozen=True)
class NewBooking:
    """A request that the rules grant; only the places decide now between confirmed and waiting."""

    id: UUID
    session: SessionFacts
    places: Sequence[PricedPlace]
    payer_kind: Literal["household", "organisation"]
    payer_id: UUID
    contact_id: UUID | None
    booked_by_organisation_id: UUID | None
    walked_in: bool
    version: int = 1
    state: BookingState = BookingState.confirmed
    waiting_since: datetime | None = None
    explanation: Mapping[str, Any] = field(default_factory=lambda: {"rule": "places_free"})


def offer_of(session: SessionFacts) -> Offer:
    """What the session offers, on the day that the site's calendar shows."""
    day = session.starts_at.astimezone(ZoneInfo(session.time_zone)).date()
    return Offer(day, session.age_from, session.age_to, session.prices)


def concerned_associations(organiser_id: UUID, booked_by_id: UUID | None, home_ids: Collection[UUID]) -> set[UUID]:
    """Whose field staff may change a booking: the organiser's, and of who booked, else of the participants' home."""
    return {organiser_id, *(home_ids if booked_by_id is None else [booked_by_id])}


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


@dataclass(frozen=True)
class Crowd:
    """How it stands with the places of a session: `waiting` counts bookings, the others places."""

    capacity: int
    taken: int
    waiting: int


def is_served_now(crowd: Crowd, wanted: int, walked_in: bool) -> bool:
    """True when enough places are free and nobody has waited for them; who stands at the door passes the list."""
    return crowd.capacity - crowd.taken >= wanted and (walked_in or crowd.waiting == 0)


def check_may_wait(crowd: Crowd, wanted: int, accepts_waiting: bool) -> None:
    """Raise SessionFull when the caller does not want to wait, or asks for more than the session can ever give."""
    free = crowd.capacity - crowd.taken
    if wanted > crowd.capacity:
        raise SessionFull(f"The session has {crowd.capacity} places in all.")
    if not accepts_waiting:
        raise SessionFull(f"{free} of {crowd.capacity} places are free, and {crowd.waiting} bookings wait for them.")


def waiting_explanation(crowd: Crowd, wanted: int) -> dict[str, object]:
    """Why a booking has to wait, and in which place of the list it starts."""
    free = crowd.capacity - crowd.taken
    rule = OTHERS_WAIT if free >= wanted else "too_few_places_free"
    return {"rule": rule, "free": free, "wanted": wanted, "position": crowd.waiting + 1}
