"""The owner's side of a hold: everything is reserved or nothing, kept when confirmed, given back when released."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common.clock import now
from common.outbox import publish
from contracts.partners import (
    HeldResource,
    ReservationReleaseReason,
    ResourceAlternative,
    ResourceRefusal,
    ResourceRefusalReason,
    ResourcesHeld,
    ResourcesRefused,
)
from partners.holds import queries
from partners.holds.domain import HoldState, NotItsHold, NotWaitingForApproval, check_notice
from partners.holds.tables import KnownHold
from partners.reservations.domain import (
    LIVE,
    Demand,
    NotLiveAnyMore,
    Offering,
    Refusal,
    RefusalReason,
    Refused,
    ReservationState,
)
from partners.reservations.queries import get_reservation, list_live_of_hold, list_live_of_resource
from partners.reservations.use_cases import (
    ForHold,
    find_alternatives,
    judge_demands,
    lodging,
    move,
    offering_of,
    write_reservation,
)
from partners.resources.domain import PLACES, ClosureKind
from partners.resources.queries import get_resource
from partners.resources.use_cases import close_whoever_has_it

if TYPE_CHECKING:
    from partners.reservations.tables import Reservation
    from partners.resources.tables import Resource, ResourceClosure

ANSWERING = "the owner answers what the association has reserved"


@dataclass(frozen=True)
class HoldRequest:
    """What a session asks of this service at once; `organisation_id` is its organiser."""

    hold_id: UUID
    version: int
    session_id: UUID
    organisation_id: UUID
    title: str
    demands: Sequence[Demand]


async def hold_resources(session: AsyncSession, asked: HoldRequest) -> None:
    """Reserve everything that this version of a hold wishes, or nothing; earlier versions are given back first."""
    known = await _know_hold(session, asked.hold_id, asked.organisation_id, asked.session_id)
    if known.version >= asked.version:
        return
    await _give_back(session, known, asked.version - 1)
    known.version, known.state = asked.version, HoldState.asked if asked.demands else HoldState.released
    if not asked.demands:
        return
    hold = ForHold(asked.hold_id, asked.version, asked.session_id)
    async with lodging(session, asked.organisation_id, asked.demands) as offerings:
        refused = await judge_demands(session, asked.demands, offerings)
        if not refused:
            for demand in asked.demands:
                await write_reservation(session, demand, offerings[demand.resource_id], asked.title, hold)
    if refused:
        await _refuse(session, known, refused)
    else:
        await _answer_when_all_agree(session, known)


async def _know_hold(session: AsyncSession, hold_id: UUID, organisation_id: UUID, session_id: UUID) -> KnownHold:
    """The hold, locked; one that is new here has version 0. Raises NotItsHold."""
    values = {"hold_id": hold_id, "organisation_id": organisation_id, "session_id": session_id}
    new = insert(KnownHold).values(**values, version=0, state=HoldState.released)
    await session.execute(new.on_conflict_do_nothing())
    known = await queries.lock_hold(session, hold_id)
    if known is None:
        raise NotItsHold(f"The hold {hold_id} belongs to another association.")
    return known


async def _give_back(session: AsyncSession, known: KnownHold, version_max: int) -> None:
    for reservation in await list_live_of_hold(session, known.hold_id, version_max):
        await move(session, reservation, ReservationState.released, ReservationReleaseReason.given_back)


async def _refuse(session: AsyncSession, known: KnownHold, refused: Iterable[Refused]) -> None:
    """Say what cannot be held, why, and what could be instead."""
    known.state = HoldState.refused
    refusals = []
    for one in refused:
        alternatives = await find_alternatives(session, one)
        refusals.append(
            ResourceRefusal(
                resource_id=one.demand.resource_id,
                name=one.offering.name if one.offering else "",
                reason=ResourceRefusalReason(one.refusal.reason),
                explanation=one.refusal.explanation,
                alternatives=tuple(
                    ResourceAlternative(
                        resource_id=other.resource_id,
                        owner_organisation_id=other.owner_id,
                        name=other.name,
                        starts_at=other.starts_at,
                        ends_at=other.ends_at,
                    )
                    for other in alternatives
                ),
            )
        )
    await publish(session, ResourcesRefused(**_names(known), refusals=tuple(refusals)))


def _names(known: KnownHold) -> dict[str, object]:
    return {
        "organisation_id": known.organisation_id,
        "hold_id": known.hold_id,
        "version": known.version,
        "session_id": known.session_id,
    }


async def _answer_when_all_agree(session: AsyncSession, known: KnownHold) -> None:
    """Say that everything is held, once no owner has to be waited for."""
    reservations = await list_live_of_hold(session, known.hold_id, known.version)
    if any(one.state == ReservationState.asked for one in reservations):
        return
    known.state = HoldState.held
    held = tuple([_held(one, await get_resource(session, one.resource_id)) for one in reservations])
    await publish(session, ResourcesHeld(**_names(known), reservations=held))


def _held(reservation: Reservation, resource: Resource) -> HeldResource:
    return HeldResource(
        reservation_id=reservation.id,
        resource_id=reservation.resource_id,
        name=resource.name,
        owner_organisation_id=reservation.organisation_id,
        quantity=reservation.quantity,
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        price_minor=reservation.price_minor,
        currency=reservation.currency,
        is_place=resource.kind in PLACES,
    )


async def confirm_hold(session: AsyncSession, hold_id: UUID, version: int) -> None:
    """Keep what is held for this version for good; what was given back or replaced meanwhile stays so."""
    known = await queries.lock_hold(session, hold_id)
    if known is None or known.version != version or known.state != HoldState.held:
        return
    known.state = HoldState.confirmed
    for reservation in await list_live_of_hold(session, hold_id, version):
        await move(session, reservation, ReservationState.confirmed)


async def release_hold(
    session: AsyncSession, hold_id: UUID, version: int, organisation_id: UUID, session_id: UUID
) -> None:
    """Give back what is reserved for this version of a hold or an earlier one; nothing to give back is fine."""
    known = await _know_hold(session, hold_id, organisation_id, session_id)
    await _give_back(session, known, version)
    if known.version <= version:
        known.version, known.state = version, HoldState.released
    await session.flush()


async def approve(session: AsyncSession, reservation_id: UUID) -> Reservation:
    """The owner says yes to a reservation that waits for it. Raises NotWaitingForApproval."""
    reservation = await _get_asked(session, reservation_id)
    if reservation.hold_id is None:
        return await move(session, reservation, ReservationState.confirmed, by_owner=True)
    async with act_for(session, reservation.reserved_by_organisation_id, ANSWERING):
        known = await _lock_waiting(session, reservation, reservation.hold_id)
        moved = await move(session, reservation, ReservationState.held, by_owner=True)
        await _answer_when_all_agree(session, known)
    return moved


async def decline(session: AsyncSession, reservation_id: UUID, reason: str) -> Reservation:
    """The owner says no to a reservation that waits for it; the rest of its hold is given back with it."""
    reservation = await _get_asked(session, reservation_id)
    refusal = Refusal(RefusalReason.declined_by_owner, reason)
    return await _take_back(session, reservation, ReservationState.declined, refusal)


async def withdraw(session: AsyncSession, reservation_id: UUID, reason: str) -> Reservation:
    """The owner takes back what is reserved, when its rules say that it may; the session is told what is free instead.

    Raises NoticeTooShort, NotLiveAnyMore.
    """
    reservation = await get_reservation(session, reservation_id)
    if reservation.state not in LIVE:
        raise NotLiveAnyMore("This reservation has ended.")
    resource = await get_resource(session, reservation.resource_id)
    if reservation.reserved_by_organisation_id != reservation.organisation_id:
        check_notice(resource.owner_notice_days, reservation.starts_at, now())
    refusal = Refusal(RefusalReason.withdrawn_by_owner, reason)
    return await _take_back(session, reservation, ReservationState.withdrawn, refusal)


async def close_suddenly(
    session: AsyncSession, resource_id: UUID, starts_at: datetime, ends_at: datetime, reason: str
) -> tuple[ResourceClosure, Sequence[Reservation]]:
    """A room floods: close it whoever has it, without any notice, and give what was taken back.

    Each session that had it is told, with what it could have instead. What has ended by now stays as it was.
    """
    from_at = max(starts_at, now())
    # Whoever asks for a hold locks it before the resource; in another order the two could wait for each other.
    for one in await list_live_of_resource(session, resource_id, from_at, ends_at):
        if one.hold_id is not None:
            async with act_for(session, one.reserved_by_organisation_id, ANSWERING):
                await queries.lock_hold(session, one.hold_id)
    closure = await close_whoever_has_it(session, resource_id, ClosureKind.maintenance, starts_at, ends_at, reason)
    refusal = Refusal(RefusalReason.withdrawn_by_owner, reason)
    taken = await list_live_of_resource(session, resource_id, from_at, ends_at)
    for one in taken:
        if one.state in LIVE:
            await _take_back(session, one, ReservationState.withdrawn, refusal)
    return closure, taken


async def _take_back(
    session: AsyncSession, reservation: Reservation, state: ReservationState, refusal: Refusal
) -> Reservation:
    reason = ReservationReleaseReason(refusal.reason)
    if reservation.hold_id is None:
        return await move(session, reservation, state, reason, by_owner=True)
    async with act_for(session, reservation.reserved_by_organisation_id, ANSWERING):
        known = await _lock_waiting(session, reservation, reservation.hold_id)
        moved = await move(session, reservation, state, reason, by_owner=True)
        await _give_back(session, known, known.version)
        offering = await offering_of(session, reservation.resource_id)
        await _refuse(session, known, [Refused(_demand_of(reservation, offering), offering, refusal)])
    return moved


def _demand_of(reservation: Reservation, offering: Offering) -> Demand:
    """What was asked for, without the time that the resource itself needs."""
    return Demand(
        reservation.reserved_by_organisation_id,
        reservation.resource_id,
        reservation.organisation_id,
        reservation.quantity,
        reservation.starts_at + offering.set_up,
        reservation.ends_at - offering.clean_up,
    )


async def _get_asked(session: AsyncSession, reservation_id: UUID) -> Reservation:
    reservation = await get_reservation(session, reservation_id)
    if reservation.state != ReservationState.asked:
        raise NotWaitingForApproval("It was answered already, or is not wanted any more.")
    return reservation


async def _lock_waiting(session: AsyncSession, reservation: Reservation, hold_id: UUID) -> KnownHold:
    """The hold of a live reservation, locked. Raises NotWaitingForApproval when it has moved on meanwhile."""
    known = await queries.lock_hold(session, hold_id)
    if known is None or known.version != reservation.hold_version:
        raise NotWaitingForApproval("The session asks for something else by now.")
    return known
