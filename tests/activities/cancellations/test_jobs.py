"""The bookings of a session that was called off, cancelled by the worker in its own role."""

from __future__ import annotations

from uuid import UUID

from activities.cancellations import use_cases
from activities.run_worker import JOBS
from common.database import Database
from common.due_rows import DueRow
from tests.activities.waiting.test_jobs import run_due
from tests.factories.accounts import World
from tests.factories.activities import BASE, booking_body, created, make_organiser, make_participant


async def test_every_booking_of_a_session_is_cancelled_some_at_a_time(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    count = use_cases.CANCELLED_AT_ONCE + 1
    session = await organiser.session(capacity=count - 1)
    people = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(count)]
    for person in people:
        created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, person)))
    path = f"{BASE}/sessions/{session['id']}"
    await organiser.director.post(f"{path}/cancellation", {"reason": "Storm"}, headers={"If-Match": '"1"'})
    kind = "cancel_bookings_of_session"
    assert await run_due(worker, organiser.organisation_id, kind) == [UUID(session["id"])]
    assert await run_due(worker, organiser.organisation_id, kind) == []
    params = {"session_id": session["id"], "limit": "200"}
    bookings = (await organiser.director.get(f"{BASE}/bookings", params=params)).json()["items"]
    assert [booking["state"] for booking in bookings] == ["cancelled"] * count
    assert (await organiser.director.get(path)).json()["places_free"] == count - 1
    await JOBS[kind](worker, DueRow(kind, UUID(session["id"]), organiser.organisation_id, 2))
