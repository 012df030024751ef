"""A session as the public sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.directory.domain import Directory, Organisation

FEW_PLACES = 3
STANDARD = "standard"


@dataclass(frozen=True)
class Session:
    """A session; its moments are on the clock of its site, its prices begin with the standard one."""

    id: str
    version: int
    organisation_id: str
    activity_id: str
    site_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    state: str
    capacity: int
    places_free: int
    minimum: int
    age_from: int | None
    age_to: int | None
    accessibility: tuple[str, ...]
    prices: Mapping[str, int]
    currency: str
    is_open_door: bool
    rooms: tuple[str, ...]

    @property
    def whereabouts(self) -> tuple[datetime, datetime, str]:
        """When and where it takes place."""
        return self.starts_at, self.ends_at, self.site_id

    @property
    def taken(self) -> int:
        """Places that are taken or set aside."""
        return self.capacity - self.places_free

    @property
    def taken_percent(self) -> int:
        """How full it is, 0 to 100."""
        return min(100, round(100 * self.taken / self.capacity)) if self.capacity else 100

    @property
    def is_full(self) -> bool:
        """True when nobody can book without waiting."""
        return self.places_free <= 0

    @property
    def has_few_places(self) -> bool:
        """True for the last places."""
        return 0 < self.places_free <= FEW_PLACES

    @property
    def is_cancelled(self) -> bool:
        """True when it was called off."""
        return self.state == "cancelled"

    @property
    def is_free_of_charge(self) -> bool:
        """True when nobody pays."""
        return self.highest_price == 0

    @property
    def lowest_price(self) -> int:
        """In minor units."""
        return min(self.prices.values(), default=0)

    @property
    def highest_price(self) -> int:
        """In minor units."""
        return max(self.prices.values(), default=0)

    def is_bookable(self, now: datetime) -> bool:
        """True until it begins, unless it was called off."""
        return self.state == "scheduled" and now < self.starts_at

    def has_begun(self, now: datetime) -> bool:
        """True from its first moment on."""
        return now >= self.starts_at


def session_of(answer: Mapping[str, Any]) -> Session:
    """The session that the activities service tells of."""
    zone = ZoneInfo(answer["time_zone"])
    plain = (
        "id", "version", "organisation_id", "activity_id", "site_id", "title", "time_zone", "state", "capacity",
        "places_free", "minimum", "age_from", "age_to", "currency",
    )  # fmt: skip
    return Session(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(zone),
        accessibility=tuple(answer["accessibility"]),
        prices=dict(sorted(answer["prices"].items(), key=lambda item: (item[0] != STANDARD, -item[1], item[0]))),
        is_open_door=answer["open_door"],
        rooms=tuple(answer["rooms"]),
    )


@dataclass(frozen=True)
class Refund:
    """Who cancels until this moment gets this part back."""

    until: datetime
    percent: int


def refunds_of(terms: Mapping[str, Any], session: Session) -> list[Refund]:
    """The cancellation terms as moments on the site's clock, the best first."""
    steps: Sequence[Mapping[str, Any]] = terms["steps"]
    refunds = [Refund(session.starts_at - timedelta(hours=step["hours_before"]), step["percent"]) for step in steps]
    return sorted((refund for refund in refunds if refund.percent), key=lambda refund: -refund.percent)


def open_refunds(refunds: Sequence[Refund], now: datetime) -> list[Refund]:
    """Those that can still be had."""
    return [refund for refund in refunds if refund.until > now]


def schema_event(session: Session, organiser: Organisation, directory: Directory, address: str) -> dict[str, Any]:
    """The session as schema.org tells of events, for search engines and other agendas; `address` is the portal's."""
    url = f"{address}/o/{organiser.slug}/sessions/{session.id}"
    availability = "SoldOut" if session.is_full else "InStock"
    event: dict[str, Any] = {
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": session.title,
        "startDate": session.starts_at.isoformat(),
        "endDate": session.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if session.is_cancelled else 'Scheduled'}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": directory.name_of(session.site_id)},
        "organizer": {"@type": "Organization", "name": organiser.name, "url": f"{address}/o/{organiser.slug}"},
        "image": f"{address}{share_image_path(session, organiser)}",
        "inLanguage": organiser.languages[0],
        "isAccessibleForFree": session.is_free_of_charge,
        "maximumAttendeeCapacity": session.capacity,
        "remainingAttendeeCapacity": max(0, session.places_free),
        "offers": [
            {
                "@type": "Offer",
                "name": category,
                "price": f"{minor / 100:.2f}",
                "priceCurrency": session.currency,
                "availability": f"https://schema.org/{availability}",
                "url": url,
            }
            for category, minor in session.prices.items()
        ],
    }
    if session.age_from is not None or session.age_to is not None:
        event["typicalAgeRange"] = f"{session.age_from or 0}-{session.age_to if session.age_to is not None else ''}"
    return event


def share_image_path(session: Session, organiser: Organisation) -> str:
    """Where the picture for messages and social media is; the address changes with the session."""
    return f"/o/{organiser.slug}/sessions/{session.id}/image-{session.version}-{organiser.colour[1:]}.png"
