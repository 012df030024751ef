"""Offers in time, done by the worker in its own role."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from activities.run_worker import JOBS
from common.database import Database
from common.due_rows import DueRow
from common.ids import new_id
from tests.factories.accounts import Person, World
from tests.factories.activities import BASE, Organiser, booking_body, created, make_organiser, make_participant


async def run_due(worker: Database, organisation_id: UUID, kind: str, *, now: datetime | None = None) -> list[UUID]:
    """Do what is due of one kind for an association; returns the subjects."""
    claim = text("select subject_id from due_rows where kind = :kind and organisation_id = :organisation_id"
                 " and due_at <= :now")  # fmt: skip
    values = {"kind": kind, "organisation_id": organisation_id, "now": now or datetime.now(UTC)}
    async with worker.transaction() as session:
        subjects = list(await session.scalars(claim, values))
    for subject_id in subjects:
        await JOBS[kind](worker, DueRow(kind, subject_id, organisation_id, 1))
    return subjects


async def state_of(person: Person, booking_id: str) -> str:
    return str((await person.get(f"{BASE}/bookings/{booking_id}")).json()["state"])


async def book(organiser: Organiser, session: dict[str, object]) -> dict[str, object]:
    child = await make_participant(organiser.director, organiser.organisation_id)
    return created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, child)))


async def test_a_freed_place_is_offered_and_goes_on_when_nobody_answers(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    first, second, third = [str((await book(organiser, session))["id"]) for _ in range(3)]
    await organiser.director.post(f"{BASE}/bookings/{first}/cancellation", {})
    assert await run_due(worker, organiser.organisation_id, "offer_free_places") == [UUID(session["id"])]
    assert await state_of(organiser.director, second) == "offered"
    assert await run_due(worker, organiser.organisation_id, "offer_free_places") == []
    assert await run_due(worker, organiser.organisation_id, "expire_offer") == []
    far_future = datetime(2999, 1, 1, tzinfo=UTC)
    assert await run_due(worker, organiser.organisation_id, "expire_offer", now=far_future) == [UUID(second)]
    assert await state_of(organiser.director, second) == "cancelled"
    await run_due(worker, organiser.organisation_id, "offer_free_places")
    assert await state_of(organiser.director, third) == "offered"


async def test_a_job_that_is_done_twice_has_one_effect(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    first, second, third = [str((await book(organiser, session))["id"]) for _ in range(3)]
    await organiser.director.post(f"{BASE}/bookings/{first}/cancellation", {})
    due = DueRow("offer_free_places", UUID(session["id"]), organiser.organisation_id, 2)
    for _ in range(2):
        await JOBS["offer_free_places"](worker, due)
    states = [await state_of(organiser.director, booking) for booking in (second, third)]
    assert states == ["offered", "waiting"]


async def test_a_job_sees_only_its_association(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    first, second = [str((await book(organiser, session))["id"]) for _ in range(2)]
    await organiser.director.post(f"{BASE}/bookings/{first}/cancellation", {})
    with pytest.raises(Exception, match="no such session"):
        await JOBS["offer_free_places"](worker, DueRow("offer_free_places", UUID(session["id"]), new_id(), 1))
    assert await state_of(organiser.director, second) == "waiting"
