"""The owner's side of a hold: all or nothing, kept or given back, and never twice at the same moment."""

from __future__ import annotations

import asyncio
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import apply_context, organisation_context
from common.ids import new_id
from common.testing import published
from contracts.event import Event
from contracts.partners import (
    ReservationAsked,
    ReservationConfirmed,
    ReservationReleased,
    ResourceRefusalReason,
    ResourcesHeld,
    ResourcesRefused,
)
from partners.holds.domain import NoticeTooShort, NotWaitingForApproval
from partners.holds.use_cases import (
    HoldRequest,
    approve,
    close_suddenly,
    confirm_hold,
    decline,
    hold_resources,
    release_hold,
    withdraw,
)
from partners.reservations.domain import ReservationState
from partners.reservations.tables import Reservation
from partners.reservations.use_cases import reserve
from partners.resources.domain import Approval, QuotaPeriod, ResourceKind
from partners.resources.queries import list_busy_periods
from partners.resources.use_cases import ClosureKind, NewPaper, PaperKind, add_paper, close_resource, enter_resource
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded
from tests.partners.lending import Lending, at, plan, second_association

AnyEvent = TypeVar("AnyEvent", bound=Event)


async def told(lent: Lending, kind: type[AnyEvent]) -> list[AnyEvent]:
    return [event for event in await published(lent.session) if isinstance(event, kind)]


async def states(lent: Lending, hold_id: UUID) -> list[str]:
    rows = select(Reservation.state).where(Reservation.hold_id == hold_id).order_by(Reservation.id)
    return list(await lent.session.scalars(rows))


async def refusal(lent: Lending) -> ResourceRefusalReason:
    """Why the last hold was refused."""
    return (await told(lent, ResourcesRefused))[-1].refusals[0].reason


async def release(lent: Lending, hold_id: UUID, version: int = 1) -> None:
    await lent.act_as(lent.lodger_id)
    await release_hold(lent.session, hold_id, version, lent.lodger_id, new_id())


async def test_what_is_free_is_held_with_its_own_time_and_price(lent: Lending) -> None:
    bus = await lent.resource(set_up_minutes=15, clean_up_minutes=45)
    hold_id = await lent.ask(lent.demand(bus))
    (held,) = await told(lent, ResourcesHeld)
    assert (held.organisation_id, held.hold_id, held.version) == (lent.lodger_id, hold_id, 1)
    (one,) = held.reservations
    assert (one.starts_at, one.ends_at) == (at(9.75), at(12.75))
    assert (one.name, one.owner_organisation_id, one.price_minor, one.currency) == (
        "Minibus",
        lent.owner_id,
        3600,
        "EUR",
    )
    assert await told(lent, ReservationConfirmed) == []


async def test_what_is_held_says_whether_people_go_there(lent: Lending) -> None:
    kinds = (ResourceKind.room, ResourceKind.outdoor, ResourceKind.vehicle, ResourceKind.equipment)
    for kind in kinds:
        await lent.ask(lent.demand(await lent.resource(kind=kind)))
    assert [event.reservations[0].is_place for event in await told(lent, ResourcesHeld)] == [True, True, False, False]


async def test_the_owner_pays_nothing(lent: Lending) -> None:
    bus = await lent.resource(pooled=False, price_per_hour_minor=1_200)
    await lent.ask(lent.demand(bus, organisation_id=lent.owner_id))
    assert [one.price_minor for one in (await told(lent, ResourcesHeld))[0].reservations] == [0]


async def test_a_confirmed_hold_is_announced_to_the_owner_and_a_released_one_too(lent: Lending) -> None:
    hold_id = await lent.ask(lent.demand(await lent.resource()))
    await confirm_hold(lent.session, hold_id, 1)
    (confirmed,) = await told(lent, ReservationConfirmed)
    assert (confirmed.organisation_id, confirmed.reserved_by_organisation_id) == (lent.owner_id, lent.lodger_id)
    assert (confirmed.resource_name, confirmed.price_minor) == ("Minibus", 2_400)
    await confirm_hold(lent.session, hold_id, 1)
    await release(lent, hold_id)
    (released,) = await told(lent, ReservationReleased)
    assert (released.reservation_id, released.version) == (confirmed.reservation_id, confirmed.version + 1)
    await release(lent, hold_id)
    assert len(await told(lent, ReservationReleased)) == len(await told(lent, ReservationConfirmed)) == 1


async def test_what_was_only_held_is_given_back_in_silence(lent: Lending) -> None:
    hold_id = await lent.ask(lent.demand(await lent.resource()))
    await release(lent, hold_id)
    assert await states(lent, hold_id) == ["released"]
    assert await told(lent, ReservationReleased) == []
    await confirm_hold(lent.session, hold_id, 1)
    assert await states(lent, hold_id) == ["released"]


async def test_the_second_of_two_gets_alternatives_and_nothing_else(lent: Lending) -> None:
    bus, other, drum = await lent.resource(), await lent.resource(name="Petit bus"), await lent.resource(quantity=5)
    await lent.ask(lent.demand(bus))
    hold_id = await lent.ask(lent.demand(drum), lent.demand(bus, 11, 13))
    (refused,) = await told(lent, ResourcesRefused)
    assert [(one.resource_id, one.reason) for one in refused.refusals] == [(bus, ResourceRefusalReason.taken)]
    found = {(one.resource_id, one.starts_at) for one in refused.refusals[0].alternatives}
    assert {(bus, at(12)), (bus, at(8)), (other, at(11))} <= found
    assert await states(lent, hold_id) == []


async def test_back_to_back_is_fine_but_not_within_the_time_that_the_resource_needs(lent: Lending) -> None:
    bus = await lent.resource()
    await lent.ask(lent.demand(bus, 10, 12))
    await lent.ask(lent.demand(bus, 12, 14))
    assert len(await told(lent, ResourcesHeld)) == 2
    room = await lent.resource(clean_up_minutes=30)
    await lent.ask(lent.demand(room, 10, 12))
    await lent.ask(lent.demand(room, 12, 14))
    assert await refusal(lent) is ResourceRefusalReason.taken


async def test_pieces_of_a_stock_are_counted_over_time(lent: Lending) -> None:
    chairs = await lent.resource(quantity=10)
    await lent.ask(lent.demand(chairs, 8, 11, quantity=6))
    await lent.ask(lent.demand(chairs, 11, 14, quantity=6))
    await lent.ask(lent.demand(chairs, 9, 13, quantity=4))
    assert len(await told(lent, ResourcesHeld)) == 3
    await lent.ask(lent.demand(chairs, 10, 12, quantity=1))
    assert await refusal(lent) is ResourceRefusalReason.too_few_left


async def test_two_wishes_of_one_hold_do_not_overlook_each_other(lent: Lending) -> None:
    chairs = await lent.resource(quantity=10)
    await lent.ask(lent.demand(chairs, quantity=6), lent.demand(chairs, quantity=6))
    assert await refusal(lent) is ResourceRefusalReason.too_few_left


@pytest.mark.parametrize("pooled", [True, False])
async def test_only_the_federation_gets_what_is_pooled(lent: Lending, theirs: Founded, pooled: bool) -> None:
    bus = await lent.resource(pooled=pooled)
    by = theirs.association_id if pooled else lent.lodger_id
    await lent.ask(lent.demand(bus, organisation_id=by))
    (refused,) = await told(lent, ResourcesRefused)
    assert refused.refusals[0].reason is ResourceRefusalReason.unknown_resource
    assert (refused.refusals[0].name, refused.refusals[0].alternatives) == ("", ())


async def test_closed_kept_by_its_owner_or_without_papers_it_is_refused_with_the_reason(lent: Lending) -> None:
    bus = await lent.resource()
    await close_resource(lent.session, bus, ClosureKind.maintenance, at(8), at(10.5), "Brakes")
    await close_resource(lent.session, bus, ClosureKind.blocked, at(15), at(17), "Ours")
    await lent.ask(lent.demand(bus))
    assert await refusal(lent) is ResourceRefusalReason.under_maintenance
    await lent.ask(lent.demand(bus, 15, 16))
    assert await refusal(lent) is ResourceRefusalReason.blocked_by_owner
    await lent.ask(lent.demand(bus, 15, 16, organisation_id=lent.owner_id))
    assert len(await told(lent, ResourcesHeld)) == 1
    await lent.act_as(lent.owner_id)
    expired = NewPaper(PaperKind.vehicle_inspection, "GOCA", "", at(0, -400).date(), at(0, -1).date())
    await add_paper(lent.session, bus, expired)
    await lent.ask(lent.demand(bus, 20, 21))
    assert await refusal(lent) is ResourceRefusalReason.paper_expired


async def test_the_quota_counts_the_hours_of_an_association_in_the_period(lent: Lending) -> None:
    bus = await lent.resource(quota_hours=4, quota_period=QuotaPeriod.week)
    hold_id = await lent.ask(lent.demand(bus, 8, 11))
    await lent.ask(lent.demand(bus, 12, 14))
    assert await refusal(lent) is ResourceRefusalReason.quota_used_up
    await lent.ask(lent.demand(bus, 12, 14, organisation_id=lent.owner_id))
    await release(lent, hold_id)
    await lent.ask(lent.demand(bus, 15, 18))
    assert len(await told(lent, ResourcesHeld)) == 3


async def test_a_later_version_replaces_what_an_earlier_one_holds(lent: Lending) -> None:
    bus = await lent.resource()
    hold_id = await lent.ask(lent.demand(bus))
    await lent.ask(lent.demand(bus, 11, 13), hold_id=hold_id, version=2)
    assert await states(lent, hold_id) == ["released", "held"]
    await lent.ask(lent.demand(bus, 8, 9), hold_id=hold_id, version=1)
    await release(lent, hold_id, 1)
    assert await states(lent, hold_id) == ["released", "held"]
    await release(lent, hold_id, 2)
    assert await states(lent, hold_id) == ["released", "released"]


async def test_a_request_after_its_own_release_holds_nothing(lent: Lending) -> None:
    bus, hold_id = await lent.resource(), new_id()
    await release(lent, hold_id, 3)
    await lent.ask(lent.demand(bus), hold_id=hold_id, version=3)
    assert await states(lent, hold_id) == []


async def test_an_owner_who_wants_to_be_asked_is_waited_for(lent: Lending) -> None:
    bus = await lent.resource(approval=Approval.owner)
    hold_id = await lent.ask(lent.demand(bus), lent.demand(await lent.resource(name="Drum")))
    (asked,) = await told(lent, ReservationAsked)
    assert (asked.organisation_id, await told(lent, ResourcesHeld)) == (lent.owner_id, [])
    await lent.ask(lent.demand(bus, 11, 13))
    assert await refusal(lent) is ResourceRefusalReason.taken
    await lent.act_as(lent.owner_id)
    assert (await approve(lent.session, asked.reservation_id)).state == ReservationState.held
    assert [event.hold_id for event in await told(lent, ResourcesHeld)] == [hold_id]
    with pytest.raises(NotWaitingForApproval):
        await approve(lent.session, asked.reservation_id)


async def test_an_owner_who_says_no_releases_the_rest_of_the_hold(lent: Lending) -> None:
    bus, drum = await lent.resource(approval=Approval.owner), await lent.resource(name="Drum")
    hold_id = await lent.ask(lent.demand(bus), lent.demand(drum))
    (asked,) = await told(lent, ReservationAsked)
    await lent.act_as(lent.owner_id)
    await decline(lent.session, asked.reservation_id, "We need it ourselves")
    await lent.act_as(lent.lodger_id)
    assert sorted(await states(lent, hold_id)) == ["declined", "released"]
    assert await refusal(lent) is ResourceRefusalReason.declined_by_owner
    assert [event.reason for event in await told(lent, ReservationReleased)] == ["declined_by_owner"]


async def test_a_hold_that_is_over_cannot_be_approved(lent: Lending) -> None:
    hold_id = await lent.ask(lent.demand(await lent.resource(approval=Approval.owner)))
    (asked,) = await told(lent, ReservationAsked)
    await release(lent, hold_id)
    await lent.act_as(lent.owner_id)
    with pytest.raises(NotWaitingForApproval):
        await approve(lent.session, asked.reservation_id)
    assert await told(lent, ResourcesHeld) == []


async def test_an_owner_takes_back_within_its_notice_only(lent: Lending) -> None:
    strict, bus = await lent.resource(), await lent.resource(owner_notice_days=7)
    hold_id = await lent.ask(lent.demand(bus), lent.demand(strict))
    await confirm_hold(lent.session, hold_id, 1)
    by_resource = {event.resource_id: event.reservation_id for event in await told(lent, ReservationConfirmed)}
    await lent.act_as(lent.owner_id)
    with pytest.raises(NoticeTooShort):
        await withdraw(lent.session, by_resource[strict], "Flooded")
    await withdraw(lent.session, by_resource[bus], "Flooded")
    assert await refusal(lent) is ResourceRefusalReason.withdrawn_by_owner
    await lent.act_as(lent.lodger_id)
    assert sorted(await states(lent, hold_id)) == ["released", "withdrawn"]
    assert len(await told(lent, ReservationReleased)) == 2


async def test_when_a_room_floods_whoever_has_it_loses_it_and_is_told_what_is_free(lent: Lending) -> None:
    room, drum = await lent.resource(kind=ResourceKind.room), await lent.resource(name="Drum")
    other = await lent.resource(kind=ResourceKind.room, name="Petite salle")
    hold_id = await lent.ask(lent.demand(room), lent.demand(drum))
    await confirm_hold(lent.session, hold_id, 1)
    later = await lent.ask(lent.demand(room, 34, 36))
    await lent.act_as(lent.owner_id)
    await close_suddenly(lent.session, room, at(0), at(24), "Flooded")
    (refused,) = await told(lent, ResourcesRefused)
    assert (refused.organisation_id, refused.hold_id, refused.version) == (lent.lodger_id, hold_id, 1)
    (one,) = refused.refusals
    assert (one.resource_id, one.reason) == (room, ResourceRefusalReason.withdrawn_by_owner)
    assert "Flooded" in one.explanation
    free = {(other.resource_id, other.starts_at) for other in one.alternatives}
    assert (other, at(10)) in free
    assert not [starts_at for resource_id, starts_at in free if resource_id == room and at(-2) < starts_at < at(24)]
    await lent.act_as(lent.lodger_id)
    assert sorted(await states(lent, hold_id)) == ["released", "withdrawn"]
    assert await states(lent, later) == ["held"]
    assert len(await told(lent, ReservationReleased)) == 2


async def test_a_flooded_room_is_not_given_again_and_what_has_no_session_is_lost_too(lent: Lending) -> None:
    room = await lent.resource(approval=Approval.owner)
    await lent.act_as(lent.lodger_id)
    direct = await reserve(lent.session, lent.demand(room, 8, 9), "Fête")
    hold_id = await lent.ask(lent.demand(room))
    await lent.act_as(lent.owner_id)
    _, taken = await close_suddenly(lent.session, room, at(0), at(24), "Flooded")
    assert len(taken) == 2
    released = {event.reservation_id: event.reason for event in await told(lent, ReservationReleased)}
    assert released[direct.id] == "withdrawn_by_owner"
    await lent.ask(lent.demand(room), hold_id=hold_id, version=2)
    assert await refusal(lent) is ResourceRefusalReason.under_maintenance


async def test_others_of_the_federation_learn_when_it_is_busy_and_not_by_whom(lent: Lending) -> None:
    bus = await lent.resource()
    await lent.act_as(lent.owner_id)
    await reserve(lent.session, lent.demand(bus, organisation_id=lent.owner_id), "Our own outing")
    await lent.act_as(lent.lodger_id)
    (busy,) = await list_busy_periods(lent.session, [bus], at(0), at(24))
    assert (busy.kind, busy.starts_at, busy.ends_at, busy.quantity) == ("reserved", at(10), at(12), 1)
    assert (await lent.session.scalars(select(Reservation))).all() == []


async def test_postgresql_refuses_what_the_rules_overlooked(lent: Lending) -> None:
    bus = await lent.resource()
    await lent.ask(lent.demand(bus))
    await lent.act_as(lent.owner_id)
    columns = (
        "organisation_id, resource_id, reserved_by_organisation_id, title, quantity, alone, time_zone, price_minor"
    )
    copy = text(
        f"""insert into reservations (id, starts_at, ends_at, currency, state, {columns})
            select :id, starts_at + interval '1 hour', ends_at + interval '1 hour', currency, 'held', {columns}
              from reservations where resource_id = :bus"""
    )
    with pytest.raises(IntegrityError, match="reservations_no_overlap"):
        async with lent.session.begin_nested():
            await lent.session.execute(copy, {"id": new_id(), "bus": bus})


async def test_of_many_at_once_exactly_one_gets_it(databases: ServiceDatabases, ours: Founded) -> None:
    lodger_id = await second_association(databases, ours)
    engine = databases.engine("worker")
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        await apply_context(session, organisation_context(ours.association_id, "test"))
        bus = (await enter_resource(session, ours.association_id, plan())).id

    async def hold(by: UUID) -> UUID:
        hold_id, lent = new_id(), Lending(session, ours.association_id, by)
        async with AsyncSession(engine, expire_on_commit=False) as own, own.begin():
            await apply_context(own, organisation_context(by, "test"))
            await hold_resources(own, HoldRequest(hold_id, 1, new_id(), by, "Cirque", [lent.demand(bus)]))
        return hold_id

    hold_ids = await asyncio.gather(*(hold(lodger_id if number % 2 else ours.association_id) for number in range(8)))
    async with AsyncSession(databases.engine("auditor")) as session:
        rows = select(Reservation.hold_id).where(Reservation.resource_id == bus)
        found = (await session.scalars(rows)).all()
    assert len(found) == 1
    assert found[0] in hold_ids
