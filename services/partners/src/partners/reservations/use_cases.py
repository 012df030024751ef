"""Reserving a resource, of one's own or from the pool: judged, written, given back, and what else could be had."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common.clock import now
from common.outbox import publish
from contracts.partners import ReservationAsked, ReservationConfirmed, ReservationReleased, ReservationReleaseReason
from partners.agreements.domain import Loan
from partners.agreements.use_cases import check_cited
from partners.reservations import queries
from partners.reservations.domain import (
    LIVE,
    LOOK_AROUND,
    UNKNOWN,
    Alternative,
    Busy,
    Demand,
    HeldForASession,
    NotLiveAnyMore,
    Offering,
    Refused,
    ReservationState,
    ResourceNotFree,
    check_period,
    first_state,
    hours_of,
    judge,
    other_hours,
    price_of,
    with_own_time,
)
from partners.reservations.tables import Reservation
from partners.resources.domain import Approval, QuotaPeriod, quota_bounds
from partners.resources.queries import (
    find_lent,
    get_resource,
    list_busy_periods,
    list_papers_of,
    list_similar,
    lock_resources,
)
from partners.resources.use_cases import open_hours_of

LODGING = "an association of its federation reserves, or gives back, what it has put into the pool"
SIMILAR_MAX = 20
OTHER_RESOURCES_MAX = 3


@dataclass(frozen=True)
class ForHold:
    """The hold that a reservation is part of."""

    hold_id: UUID
    hold_version: int
    session_id: UUID


@asynccontextmanager
async def lodging(
    session: AsyncSession, organisation_id: UUID, demands: Collection[Demand]
) -> AsyncIterator[Mapping[UUID, Offering]]:
    """Inside the block the demanded resources that the association may reserve are locked and may be written to.

    Whoever reserves one of them waits at its row, so what is judged to be free stays free until it is written.
    """
    seen = await find_lent(session, [demand.resource_id for demand in demands], organisation_id)
    named = {(demand.resource_id, demand.owner_id) for demand in demands}
    allowed = [one for one in seen if (one.id, one.organisation_id) in named]
    async with AsyncExitStack() as acting:
        for owner_id in sorted({one.organisation_id for one in allowed} - {organisation_id}):
            await acting.enter_async_context(act_for(session, owner_id, LODGING))
        locked = await lock_resources(session, [one.id for one in allowed])
        yield {one.resource_id: one for one in await _offerings(session, locked)}


async def _offerings(session: AsyncSession, resources: Iterable[Any]) -> list[Offering]:
    rows = list(resources)
    papers = await list_papers_of(session, [row.id for row in rows])
    return [
        Offering(
            resource_id=row.id,
            owner_id=row.organisation_id,
            name=row.name,
            quantity=row.quantity,
            zone=row.time_zone,
            open_hours=open_hours_of(row),
            set_up=timedelta(minutes=row.set_up_minutes),
            clean_up=timedelta(minutes=row.clean_up_minutes),
            papers=papers.get(row.id, ()),
            quota_hours=row.quota_hours,
            quota_period=QuotaPeriod(row.quota_period) if row.quota_period else None,
            price_per_hour_minor=row.price_per_hour_minor,
            currency=row.currency,
            approval=Approval(row.approval),
            has_ended=row.ended_at is not None,
        )
        for row in rows
    ]


async def offering_of(session: AsyncSession, resource_id: UUID) -> Offering:
    """A resource as the rules see it. Raises ResourceNotFound."""
    return (await _offerings(session, [await get_resource(session, resource_id)]))[0]


async def judge_demands(
    session: AsyncSession, demands: Sequence[Demand], offerings: Mapping[UUID, Offering]
) -> list[Refused]:
    """The demands that cannot be met beside all the others that are made with them."""
    refused: list[Refused] = []
    beside: dict[UUID, list[Busy]] = {}
    for demand in demands:
        offering = offerings.get(demand.resource_id)
        if offering is None:
            refused.append(Refused(demand, None, UNKNOWN))
            continue
        whole, taken = with_own_time(offering, demand), beside.setdefault(demand.resource_id, [])
        busy = [*await _busy_around(session, offering, whole), *taken]
        used = await _hours_used(session, offering, whole) + sum(hours_of(one.starts_at, one.ends_at) for one in taken)
        refusal = judge(offering, whole, busy, used)
        if refusal:
            refused.append(Refused(demand, offering, refusal))
        else:
            taken.append(Busy("reserved", whole.starts_at, whole.ends_at, whole.quantity))
    return refused


async def _busy_around(session: AsyncSession, offering: Offering, demand: Demand) -> list[Busy]:
    """When the resource is away within a day of the demand and one more length of it."""
    margin = LOOK_AROUND + (demand.ends_at - demand.starts_at)
    found = await list_busy_periods(session, [offering.resource_id], demand.starts_at - margin, demand.ends_at + margin)
    return [Busy(one.kind, one.starts_at, one.ends_at, one.quantity) for one in found]


async def _hours_used(session: AsyncSession, offering: Offering, demand: Demand) -> float:
    """What counts against the quota already; 0 where there is none."""
    if offering.quota_period is None or offering.owner_id == demand.organisation_id:
        return 0.0
    from_at, before = quota_bounds(offering.quota_period, offering.zone, demand.starts_at)
    return await queries.hours_used(session, offering.resource_id, demand.organisation_id, from_at, before)


async def write_reservation(
    session: AsyncSession,
    demand: Demand,
    offering: Offering,
    title: str,
    hold: ForHold | None = None,
    *,
    agreement_id: UUID | None = None,
) -> Reservation:
    """Reserve what was judged to be free, inside `lodging`; its owner is asked first where the rules say so."""
    whole = with_own_time(offering, demand)
    reservation = Reservation(
        organisation_id=offering.owner_id,
        resource_id=offering.resource_id,
        reserved_by_organisation_id=demand.organisation_id,
        agreement_id=agreement_id,
        title=title,
        quantity=demand.quantity,
        alone=offering.quantity == 1,
        starts_at=whole.starts_at,
        ends_at=whole.ends_at,
        time_zone=offering.zone,
        price_minor=price_of(offering, whole),
        currency=offering.currency,
        state=first_state(offering, demand, for_a_hold=hold is not None),
        **(vars(hold) if hold else {}),
    )
    session.add(reservation)
    await session.flush()
    if reservation.state == ReservationState.asked:
        await publish(session, ReservationAsked(**_facts(reservation, offering.name)))
    elif reservation.state == ReservationState.confirmed:
        await publish(session, ReservationConfirmed(**_facts(reservation, offering.name)))
    return reservation


async def reserve(session: AsyncSession, demand: Demand, title: str, agreement_id: UUID | None = None) -> Reservation:
    """Reserve one resource directly, without a session, under an agreement when one is cited.

    Raises ResourceNotFree with what could be had instead, AgreementNotFound, AgreementDoesNotCover.
    """
    check_period(demand.starts_at, demand.ends_at, now())
    if agreement_id is not None:
        zone = ZoneInfo((await get_resource(session, demand.resource_id)).time_zone)
        first_day, last_day = demand.starts_at.astimezone(zone).date(), demand.ends_at.astimezone(zone).date()
        loan = Loan(demand.owner_id, demand.organisation_id, first_day, last_day)
        await check_cited(session, agreement_id, loan)
    async with lodging(session, demand.organisation_id, [demand]) as offerings:
        refused = await judge_demands(session, [demand], offerings)
        if not refused:
            return await write_reservation(
                session, demand, offerings[demand.resource_id], title, agreement_id=agreement_id
            )
    others = [
        f"{one.name} from {one.starts_at.isoformat()} to {one.ends_at.isoformat()}"
        for one in await find_alternatives(session, refused[0])
    ]
    instead = f" Free instead: {'; '.join(others)}." if others else ""
    raise ResourceNotFree(refused[0].refusal.explanation + instead)


async def find_alternatives(session: AsyncSession, refused: Refused) -> list[Alternative]:
    """What could be had instead: the same resource at hours near, then others that the association may see."""
    offering, demand = refused.offering, refused.demand
    if offering is None:
        return []
    whole = with_own_time(offering, demand)
    busy, used = await _busy_around(session, offering, whole), await _hours_used(session, offering, whole)
    found = [
        _alternative(offering, one.starts_at + offering.set_up, one.ends_at - offering.clean_up)
        for one in other_hours(offering, whole, busy, used, now())
    ]
    resource = await get_resource(session, offering.resource_id)
    similar = await list_similar(session, resource, demand.organisation_id, SIMILAR_MAX)
    for other in await _offerings(session, similar):
        if len(found) >= OTHER_RESOURCES_MAX + 1:
            break
        whole = with_own_time(other, demand)
        busy, used = await _busy_around(session, other, whole), await _hours_used(session, other, whole)
        if judge(other, whole, busy, used) is None:
            found.append(_alternative(other, demand.starts_at, demand.ends_at))
    return found


def _alternative(offering: Offering, starts_at: datetime, ends_at: datetime) -> Alternative:
    return Alternative(offering.resource_id, offering.owner_id, offering.name, starts_at, ends_at)


async def give_back(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """End a reservation that was made directly, for the association that made it. Again changes nothing."""
    reservation = await queries.get_reservation(session, reservation_id)
    if reservation.hold_id is not None:
        raise HeldForASession("Change or cancel its session: that gives back all that is held for it.")
    if reservation.state == ReservationState.released:
        return reservation
    return await move(session, reservation, ReservationState.released, ReservationReleaseReason.given_back)


async def move(
    session: AsyncSession,
    reservation: Reservation,
    state: ReservationState,
    reason: ReservationReleaseReason | None = None,
    *,
    by_owner: bool = False,
) -> Reservation:
    """Bring a live reservation into another state, and announce it once others know of the reservation.

    Unless it is the owner's doing, the transaction acts for the owner meanwhile. Raises NotLiveAnyMore.
    """
    async with nullcontext() if by_owner else act_for(session, reservation.organisation_id, LODGING):
        resource = await get_resource(session, reservation.resource_id)
        locked = await queries.lock_reservation(session, reservation.id)
        if locked.state not in LIVE:
            raise NotLiveAnyMore("This reservation has ended.")
        known = locked.state in (ReservationState.asked, ReservationState.confirmed)
        locked.state, locked.reason = state, reason
        locked.version += 1
        await session.flush()
    facts = _facts(locked, resource.name)
    if state is ReservationState.confirmed:
        await publish(session, ReservationConfirmed(**facts))
    elif reason is not None and known:
        await publish(session, ReservationReleased(**facts, reason=reason))
    return locked


def _facts(reservation: Reservation, resource_name: str) -> dict[str, Any]:
    """The fields that every event of a reservation carries."""
    names = (
        "organisation_id", "version", "resource_id", "reserved_by_organisation_id", "hold_id", "session_id", "title",
        "quantity", "starts_at", "ends_at", "time_zone", "price_minor", "currency",
    )  # fmt: skip
    fields = {name: getattr(reservation, name) for name in names}
    return {**fields, "reservation_id": reservation.id, "resource_name": resource_name}
