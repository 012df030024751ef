"""Worked hours: recorded by whoever worked, approved by whoever plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.home_zone import HOME_ZONE


@dataclass(frozen=True)
class Hours:
    """A time that was worked, on the clock of the federation; amounts in minor units, from its approval on."""

    id: str
    organisation_id: str
    person_id: str
    version: int
    title: str
    engagement: str
    state: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    value_minor: int
    allowance_minor: int
    currency: str | None


def hours_of(answer: Mapping[str, Any]) -> Hours:
    """The hours that the staffing service tells of."""
    plain = (
        "id", "organisation_id", "person_id", "version", "title", "engagement", "state", "minutes", "value_minor",
        "allowance_minor", "currency",
    )  # fmt: skip
    return Hours(
        **{name: answer[name] for name in plain},
        starts_at=datetime.fromisoformat(answer["starts_at"]).astimezone(HOME_ZONE),
        ends_at=datetime.fromisoformat(answer["ends_at"]).astimezone(HOME_ZONE),
    )


def approved_minutes(hours: Iterable[Hours]) -> int:
    """The minutes of what was approved, together."""
    return sum(one.minutes for one in hours if one.state == "approved")


@dataclass(frozen=True)
class Terms:
    """What an association gives a volunteer for a day and counts an hour at, in minor units; both days included."""

    day_allowance_minor: int
    hour_value_minor: int
    lent_hour_price_minor: int
    currency: str
    valid_from: date
    valid_to: date | None


def terms_of(answer: Mapping[str, Any]) -> Terms:
    """The terms that the staffing service tells of."""
    last = answer["valid_to"]
    return Terms(
        answer["volunteer_day_allowance_minor"],
        answer["volunteer_hour_value_minor"],
        answer["lent_hour_price_minor"],
        answer["currency"],
        date.fromisoformat(answer["valid_from"]),
        date.fromisoformat(last) if last else None,
    )
