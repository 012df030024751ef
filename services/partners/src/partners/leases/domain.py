"""On which terms premises are rented or let, and until when notice can be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

ALARM_TIME = time(8)
ALARM_AHEAD = timedelta(days=30)


class Side(StrEnum):
    """What the association is in the lease."""

    tenant = "tenant"
    landlord = "landlord"


class RentPeriod(StrEnum):
    """For which time the rent is paid once."""

    month = "month"
    quarter = "quarter"
    year = "year"


class LeaseNotFound(Exception):
    """The caller sees no lease with this id."""


class UnfitLease(Exception):
    """The terms contradict each other; the text says which and how to put it right."""


@dataclass(frozen=True)
class LeaseTerms:
    """What is agreed with `other_side`; amounts in minor units of the resource's currency. No end means until ended.

    `notice_months` is how many months before its last day a lease must be given notice of; `reference` says where the
    paper is.
    """

    side: Side
    other_side: str
    reference: str
    starts_on: date
    ends_on: date | None
    notice_months: int
    rent_minor: int
    rent_period: RentPeriod
    deposit_minor: int


def check_lease(terms: LeaseTerms) -> None:
    """Raises UnfitLease."""
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise UnfitLease("The lease ends before it starts: change one of the two days.")


def notice_by(ends_on: date, notice_months: int) -> date:
    """The last day on which notice is in time; of a day that the month lacks, its last one."""
    return ends_on - relativedelta(months=notice_months)


def notice_alarm_at(last_day: date, time_zone: str) -> datetime:
    """When to be told that notice is due by `last_day`: in the morning, thirty days before, on the site's clock."""
    return datetime.combine(last_day - ALARM_AHEAD, ALARM_TIME, ZoneInfo(time_zone))
