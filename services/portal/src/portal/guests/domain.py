"""What somebody without an account fills in, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.booking.domain import default_category
from portal.sessions.domain import Session

PEOPLE_MAX = 4
NAME_CHARACTERS_MAX = 100
EMAIL_CHARACTERS_MAX = 254
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True)
class Person:
    """One row of the form."""

    number: int
    given_name: str
    family_name: str
    category: str

    @property
    def is_empty(self) -> bool:
        """True for a row that nobody filled in."""
        return not (self.given_name or self.family_name)

    @property
    def is_half(self) -> bool:
        """True when one of the two names is missing."""
        return bool(self.given_name) != bool(self.family_name)


@dataclass(frozen=True)
class GuestForm:
    """The form as it was sent; the first row is always there."""

    email: str
    rows: Sequence[Person]

    @property
    def people(self) -> list[Person]:
        """Those who come."""
        return [row for row in self.rows if not row.is_empty]

    @property
    def has_no_email(self) -> bool:
        """True when no message can be sent to the address."""
        return not EMAIL.match(self.email) or len(self.email) > EMAIL_CHARACTERS_MAX

    @property
    def rows_with_faults(self) -> frozenset[int]:
        """The rows in which a name is missing, by number."""
        missing = {row.number for row in self.rows if row.is_half}
        return frozenset(missing if self.people else {1})

    @property
    def is_complete(self) -> bool:
        """True when it can be sent on."""
        return not self.has_no_email and not self.rows_with_faults


def form_of(fields: Mapping[str, str], session: Session) -> GuestForm:
    """The form from its fields; a price category that the session does not have counts as the usual one."""
    return GuestForm(fields.get("email", "").strip(), [_row(fields, one, session) for one in range(1, PEOPLE_MAX + 1)])


def _row(fields: Mapping[str, str], number: int, session: Session) -> Person:
    given, family = (fields.get(f"{name}-{number}", "").strip()[:NAME_CHARACTERS_MAX] for name in ("given", "family"))
    category = fields.get(f"category-{number}", "")
    return Person(number, given, family, category if category in session.prices else default_category(session))


@dataclass(frozen=True)
class GuestBooking:
    """What a link leads to; its moment is on the clock of the session."""

    state: str
    booking_state: str | None
    organisation_id: str
    expires_at: datetime
    offer_expires_at: datetime | None
    currency: str
    people: Sequence[Mapping[str, Any]]
    session: Session

    @property
    def total_minor(self) -> int:
        """What all places cost together."""
        return sum(person["price_minor"] for person in self.people)

    @property
    def is_cancelled(self) -> bool:
        """True once it was booked and given up."""
        return self.booking_state == "cancelled"

    def waits_for_confirmation(self, now: datetime) -> bool:
        """True while the link was not followed and still can be."""
        return self.state in ("held", "asked") and self.expires_at > now and self.session.is_bookable(now)

    @property
    def joins_waiting_list(self) -> bool:
        """True while nothing is kept, because nothing was free."""
        return self.state == "asked"

    def has_offer(self, now: datetime) -> bool:
        """True while places are set aside for who waited."""
        is_open = self.offer_expires_at is not None and self.offer_expires_at > now
        return self.booking_state == "offered" and is_open and self.session.is_bookable(now)

    def can_be_cancelled(self, now: datetime) -> bool:
        """True for what is booked or waited for, until the session begins."""
        return self.booking_state in ("confirmed", "waiting") and self.session.is_bookable(now)


def guest_booking_of(answer: Mapping[str, Any], session: Session) -> GuestBooking:
    """What the activities service tells of a link."""
    plain = ("state", "booking_state", "organisation_id", "currency", "people")
    expires_at = datetime.fromisoformat(answer["expires_at"]).astimezone(session.starts_at.tzinfo)
    offered = answer["offer_expires_at"]
    return GuestBooking(
        **{name: answer[name] for name in plain},
        expires_at=expires_at,
        offer_expires_at=datetime.fromisoformat(offered).astimezone(session.starts_at.tzinfo) if offered else None,
        session=session,
    )
