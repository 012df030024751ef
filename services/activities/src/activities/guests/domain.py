"""Rules of booking without an account: for how long places are held, and what may still be done with a hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOLD_MINUTES = 30


class HoldState(StrEnum):
    """What became of held places."""

    held = "held"
    asked = "asked"
    """Nothing was free: the link joins the waiting list."""
    confirmed = "confirmed"
    given_back = "given_back"


OPEN_STATES = frozenset({HoldState.held, HoldState.asked})
"""Those in which the link was not followed yet."""


class UnknownGuestCode(Exception):
    """The code of the link is wrong, or nothing is kept under it any more."""


class HoldGivenBack(Exception):
    """The link was not followed in time, or the places were given up; they went back to the session."""


class UnknownPriceForGuest(Exception):
    """The session has no such price category."""


class NoPlaceForGuest(Exception):
    """Too few places are free, and the guest does not want to wait, or waiting would never help."""


@dataclass(frozen=True)
class GuestPlace:
    """One person who comes, with the price that was shown, in minor units."""

    given_name: str
    family_name: str
    price_category: str
    price_minor: int


def price_guests(names: Sequence[tuple[str, str, str]], prices: Mapping[str, int]) -> list[GuestPlace]:
    """The places of (given name, family name, price category) with their prices. Raises UnknownPriceForGuest."""
    for _given, _family, category in names:
        if category not in prices:
            raise UnknownPriceForGuest(f"The price categories are {', '.join(sorted(prices))}.")
    return [GuestPlace(given, family, category, prices[category]) for given, family, category in names]


def hold_expires_at(now: datetime, starts_at: datetime) -> datetime:
    """Until when places held now wait for the link to be followed: half an hour, but never into the session."""
    return min(now + timedelta(minutes=HOLD_MINUTES), starts_at)


def check_held(state: HoldState, expires_at: datetime, now: datetime) -> None:
    """Raise HoldGivenBack unless the places still wait for the link to be followed."""
    if state is HoldState.given_back or (state in OPEN_STATES and expires_at <= now):
        raise HoldGivenBack(f"The places were kept until {expires_at.isoformat()} and went back to the session.")
