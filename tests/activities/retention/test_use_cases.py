"""Households that nobody of comes any more are forgotten, once and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from activities.retention.jobs import forget_everywhere
from activities.retention.use_cases import list_past_period
from common.database import Database, organisation_context
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, booking_body, created, make_household, make_organiser

AGE = text(
    """with homes as (update households set created_at = now() - interval '3 years' where id = any(:ids))
       update participants set created_at = now() - interval '3 years' where household_id = any(:ids)"""
)
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
        assert await list_past_period(looking, own) == [gone]
    assert await forget_everywhere(worker) >= 1
    assert await asked_for(databases, own) == [gone]
    await forget_everywhere(worker)
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
        assert await list_past_period(looking, own) == []
