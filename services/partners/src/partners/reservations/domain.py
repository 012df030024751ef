"""Who gets a resource for a time, what it costs, and what could be had instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from partners.resources.domain import (
    Approval,
    OpenHours,
    Paper,
    QuotaPeriod,
    expired_papers,
    is_open,
    peak_quantity,
)

LOOK_AROUND = timedelta(days=1)
HOURS_OFFERED_MAX = 2
LONGEST = timedelta(days=60)


class ReservationState(StrEnum):
    """How far a reservation has come; the first three keep others away."""

    asked = "asked"
    held = "held"
    confirmed = "confirmed"
    released = "released"
    declined = "declined"
    withdrawn = "withdrawn"


LIVE = (ReservationState.asked, ReservationState.held, ReservationState.confirmed)


class RefusalReason(StrEnum):
    """Why a resource cannot be had; the wire carries the same words."""

    unknown_resource = "unknown_resource"
    out_of_service = "out_of_service"
    taken = "taken"
    too_few_left = "too_few_left"
    closed = "closed"
    under_maintenance = "under_maintenance"
    blocked_by_owner = "blocked_by_owner"
    quota_used_up = "quota_used_up"
    paper_expired = "paper_expired"
    declined_by_owner = "declined_by_owner"
    withdrawn_by_owner = "withdrawn_by_owner"


class ReservationNotFound(Exception):
    """There is no such reservation, or the caller may not see it."""


class ResourceNotFree(Exception):
    """The resource cannot be had at that time; says why, and when or what instead."""


class NotLiveAnyMore(Exception):
    """The reservation has been given back."""


class HeldForASession(Exception):
    """What a session holds is given back with all the rest, by changing or cancelling the session."""


class PeriodImpossible(Exception):
    """A reservation must end after it starts, within sixty days, and not lie in the past."""


@dataclass(frozen=True)
class Offering:
    """A resource as the rules see it."""

    resource_id: UUID
    owner_id: UUID
    name: str
    quantity: int
    zone: str
    open_hours: Sequence[OpenHours]
    set_up: timedelta
    clean_up: timedelta
    papers: Sequence[Paper]
    quota_hours: int | None
    quota_period: QuotaPeriod | None
    price_per_hour_minor: int
    currency: str
    approval: Approval
    has_ended: bool


@dataclass(frozen=True)
class Demand:
    """Who wants how many pieces of what from when to when."""

    organisation_id: UUID
    resource_id: UUID
    owner_id: UUID
    quantity: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Busy:
    """A time in which a resource, or some pieces of it, cannot be had: reserved, maintenance or blocked."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    quantity: int


@dataclass(frozen=True)
class Refusal:
    """Why a demand is not met; `explanation` is a fact for the one who asked."""

    reason: RefusalReason
    explanation: str


@dataclass(frozen=True)
class Refused:
    """A demand that cannot be met; without an offering the resource is not known to the one who asks."""

    demand: Demand
    offering: Offering | None
    refusal: Refusal


@dataclass(frozen=True)
class Alternative:
    """Another resource at the same time, or the same one at another time."""

    resource_id: UUID
    owner_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime


UNKNOWN = Refusal(RefusalReason.unknown_resource, "There is no such resource, or it is not lent to you.")


def check_period(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise PeriodImpossible unless the time has an end after its start, within sixty days, and is not over."""
    if not starts_at < ends_at <= starts_at + LONGEST or ends_at <= now:
        raise PeriodImpossible("It must end after it starts, within sixty days, and lie in the future.")


def with_own_time(offering: Offering, demand: Demand) -> Demand:
    """The demand with the time that the resource itself needs before and after."""
    return replace(demand, starts_at=demand.starts_at - offering.set_up, ends_at=demand.ends_at + offering.clean_up)


def judge(offering: Offering, demand: Demand, busy: Sequence[Busy], hours_used: float) -> Refusal | None:
    """Why the demand, with all its own time, cannot be met; None when it can.

    `busy` are the times around it; `hours_used` are what the association had of the resource in the quota's period.
    """
    own = demand.organisation_id == offering.owner_id
    meanwhile = [one for one in busy if one.starts_at < demand.ends_at and demand.starts_at < one.ends_at]
    if offering.has_ended:
        return Refusal(RefusalReason.out_of_service, "It is out of service.")
    if not is_open(offering.open_hours, offering.zone, demand.starts_at, demand.ends_at):
        return Refusal(RefusalReason.closed, f"It is not open all the time {_shown(offering, demand)}.")
    for one in meanwhile:
        if one.kind == "maintenance":
            return Refusal(RefusalReason.under_maintenance, f"Maintenance {_shown(offering, one)}.")
        if one.kind == "blocked" and not own:
            return Refusal(RefusalReason.blocked_by_owner, f"Kept by its owner {_shown(offering, one)}.")
    expired = expired_papers(offering.papers, demand.ends_at.astimezone(ZoneInfo(offering.zone)).date())
    if expired:
        return Refusal(RefusalReason.paper_expired, f"Not valid on that day: {', '.join(expired)}.")
    return _judge_stock(offering, demand, meanwhile) or _judge_quota(offering, demand, hours_used, own)


def _judge_stock(offering: Offering, demand: Demand, meanwhile: Sequence[Busy]) -> Refusal | None:
    reserved = [one for one in meanwhile if one.kind == "reserved"]
    clipped = [
        (max(one.starts_at, demand.starts_at), min(one.ends_at, demand.ends_at), one.quantity) for one in reserved
    ]
    left = offering.quantity - peak_quantity(clipped)
    if demand.quantity <= left:
        return None
    if offering.quantity == 1 and reserved:
        return Refusal(RefusalReason.taken, f"Reserved {_shown(offering, reserved[0])}.")
    return Refusal(RefusalReason.too_few_left, f"Of {offering.quantity} only {max(left, 0)} are left at that time.")


def _judge_quota(offering: Offering, demand: Demand, hours_used: float, own: bool) -> Refusal | None:
    if own or offering.quota_hours is None:
        return None
    wanted = hours_of(demand.starts_at, demand.ends_at)
    if hours_used + wanted <= offering.quota_hours:
        return None
    left = max(0.0, offering.quota_hours - hours_used)
    return Refusal(RefusalReason.quota_used_up, f"{wanted:g} h wanted, {left:g} h of {offering.quota_hours} h left.")


def _shown(offering: Offering, period: Busy | Demand) -> str:
    zone = ZoneInfo(offering.zone)
    begins, ends = period.starts_at.astimezone(zone), period.ends_at.astimezone(zone)
    return f"from {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}"


def hours_of(starts_at: datetime, ends_at: datetime) -> float:
    """How long, in hours."""
    return (ends_at - starts_at) / timedelta(hours=1)


def price_of(offering: Offering, demand: Demand) -> int:
    """What the owner gets for all of the time and all pieces, in minor units, rounded half up; 0 for its own use."""
    if demand.organisation_id == offering.owner_id:
        return 0
    seconds = (demand.ends_at - demand.starts_at) // timedelta(seconds=1)
    return (offering.price_per_hour_minor * demand.quantity * seconds * 2 + 3600) // 7200


def first_state(offering: Offering, demand: Demand, *, for_a_hold: bool) -> ReservationState:
    """How a new reservation begins: waiting for its owner, held until the hold is confirmed, or confirmed at once."""
    if offering.approval is Approval.owner and demand.organisation_id != offering.owner_id:
        return ReservationState.asked
    return ReservationState.held if for_a_hold else ReservationState.confirmed


def other_hours(
    offering: Offering, demand: Demand, busy: Sequence[Busy], hours_used: float, now: datetime
) -> list[Demand]:
    """At most two times near the demand's at which it could be met: nearest first, within a day of it."""
    length = demand.ends_at - demand.starts_at
    starts = {one.ends_at for one in busy} | {one.starts_at - length for one in busy}
    starts |= {demand.starts_at - LOOK_AROUND, demand.starts_at + LOOK_AROUND}
    near = sorted(
        (start for start in starts if start >= now and abs(start - demand.starts_at) <= LOOK_AROUND),
        key=lambda start: (abs(start - demand.starts_at), start),
    )
    moved = [replace(demand, starts_at=start, ends_at=start + length) for start in near]
    possible = [one for one in moved if judge(offering, one, busy, hours_used) is None]
    return possible[:HOURS_OFFERED_MAX]
