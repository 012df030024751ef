"""Who comes no more, guests, and what was written of incidents are forgotten, once and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from access.retention import forget_past_period, list_past_period
from activities.guests.use_cases import GuestRequest, confirm_guest_booking, hold_for_guest
from activities.retention.use_cases import KEPT
from common.database import Database, organisation_context
from common.testing import published
from contracts.activities import GuestPlacesHeld
from tests.activities.conftest import Desk
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, booking_body, created, make_household, make_organiser

HOUSEHOLDS, GUESTS, PARTICIPANTS, INCIDENTS = KEPT
AGE = text(
    """with homes as (update households set created_at = now() - interval '3 years' where id = any(:ids))
       update participants set created_at = now() - interval '3 years' where household_id = any(:ids)"""
)
MADE_AGO = """with homes as (update households set created_at = now() - make_interval(days => :days)
                          where id = any(:ids))
              update participants set created_at = now() - make_interval(days => :days)
               where household_id = any(:ids)"""
ENDED_AGO = """update sessions set starts_at = now() - make_interval(days => :days, hours => 2),
                  ends_at = now() - make_interval(days => :days) where id = :id"""
NEW_INCIDENT = """insert into incidents (id, organisation_id, session_id, happened_at, place, what_happened, severity,
                         first_aid, told, participants_count, recorded_by)
                  values (uuidv7(), :organisation_id, :session_id, now() - make_interval(years => :years), 'hall',
                         'Ada fell', 'minor', 'ice', 'her mother', 1, 'https://id|sophie') returning id"""
CONCERNED = """insert into incident_participants (incident_id, participant_id, organisation_id)
               values (:incident_id, :participant_id, :organisation_id)"""
MOVE = text("update sessions set starts_at = now() - interval '1 day', ends_at = now() where id = :id")


async def asked_for(databases: ServiceDatabases, organisation_id: UUID) -> list[UUID]:
    """The households whose erasure was asked for."""
    async with databases.engine("owner").connect() as connection:
        found = await connection.scalars(
            text("select unnest(household_ids) from erasures where organisation_id = :id"), {"id": organisation_id}
        )
        return list(found)


async def test_who_comes_no_more_is_forgotten_and_who_came_is_not(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], worker: Database
) -> None:
    databases, organiser = databases_of("activities"), await make_organiser(service_world)
    director, own = organiser.director, organiser.organisation_id
    gone, _ = await make_household(director, own, "2017-05-01")
    came, (child,) = await make_household(director, own, "2017-05-01")
    new, _ = await make_household(director, own, "2017-05-01")
    session = await organiser.session(in_days=1)
    created(await director.post(f"{BASE}/bookings", booking_body(session, child)))
    async with databases.engine("owner").begin() as connection:
        await connection.execute(AGE, {"ids": [gone, came]})
        await connection.execute(MOVE, {"id": UUID(session["id"])})
    async with worker.transaction(organisation_context(own, "test")) as looking:
        assert await list_past_period(looking, own, HOUSEHOLDS) == [gone]
    assert await forget_past_period(worker, HOUSEHOLDS) >= 1
    assert await asked_for(databases, own) == [gone]
    await forget_past_period(worker, HOUSEHOLDS)
    assert await asked_for(databases, own) == [gone], "once is enough"
    assert new != came


async def test_without_a_rule_nobody_is_forgotten(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], worker: Database
) -> None:
    organiser = await make_organiser(service_world)
    own = organiser.organisation_id
    gone, _ = await make_household(organiser.director, own, "2017-05-01")
    async with databases_of("activities").engine("owner").begin() as connection:
        await connection.execute(AGE, {"ids": [gone]})
        await connection.execute(
            text("update known_organisations set jurisdiction = 'XX' where organisation_id = :id"), {"id": own}
        )
    async with worker.transaction(organisation_context(own, "test")) as looking:
        assert not await list_past_period(looking, own, HOUSEHOLDS)


async def test_a_guest_goes_half_a_year_after_the_session(desk: Desk) -> None:
    session_id, own = await desk.planned(), desk.organisation_id
    request = GuestRequest(session_id, "ada@example.org", "en", [("Ada", "Byron", "standard")])
    hold = await hold_for_guest(desk.session, request)
    [told] = [event for event in await published(desk.session) if isinstance(event, GuestPlacesHeld)]
    await confirm_guest_booking(desk.session, told.code)
    regular, _ = await desk.household()
    household_id = hold.household_id
    for days, expected in ((179, []), (182, [household_id])):
        await desk.session.execute(text(MADE_AGO), {"ids": [household_id, regular], "days": days})
        await desk.session.execute(text(ENDED_AGO), {"id": session_id, "days": days})
        assert list(await list_past_period(desk.session, own, GUESTS)) == expected
    await GUESTS.forget(desk.session, own, [household_id])
    assert not await list_past_period(desk.session, own, GUESTS), "once is enough"
    asked = await desk.session.scalars(text("select unnest(household_ids) from erasures"))
    assert asked.all() == [household_id]


async def test_a_resident_who_comes_no_more_is_forgotten(desk: Desk) -> None:
    own, resident, newcomer = desk.organisation_id, await desk.participant(), await desk.participant()
    await desk.session.execute(
        text("update participants set created_at = now() - interval '3 years' where id = :id"), {"id": resident}
    )
    assert list(await list_past_period(desk.session, own, PARTICIPANTS)) == [resident]
    await PARTICIPANTS.forget(desk.session, own, [resident])
    assert not await list_past_period(desk.session, own, PARTICIPANTS)
    asked = await desk.session.scalars(text("select unnest(participant_ids) from erasures"))
    assert asked.all() == [resident] != [newcomer]


async def test_an_incident_keeps_only_that_it_happened(desk: Desk) -> None:
    own, session_id, child = desk.organisation_id, await desk.planned(), await desk.participant()
    ids = []
    for years in (9, 12):
        made = await desk.session.scalar(
            text(NEW_INCIDENT), {"organisation_id": own, "session_id": session_id, "years": years}
        )
        ids.append(made)
        values = {"incident_id": made, "participant_id": child, "organisation_id": own}
        await desk.session.execute(text(CONCERNED), values)
    assert list(await list_past_period(desk.session, own, INCIDENTS)) == [ids[1]]
    await INCIDENTS.forget(desk.session, own, [ids[1]])
    assert not await list_past_period(desk.session, own, INCIDENTS)
    rows = (await desk.session.execute(text("select i::text as said, participants_count from incidents i"))).all()
    assert sorted(("Ada fell" in row.said, "sophie" in row.said, row.participants_count) for row in rows) == [
        (False, False, 1),
        (True, True, 1),
    ]
    assert (await desk.session.scalars(text("select incident_id from incident_participants"))).all() == [ids[0]]
