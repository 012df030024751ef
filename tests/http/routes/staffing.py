"""The routes of the staffing service, and a session that needs somebody."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import FIELD_STAFF
from common.ids import new_id
from common.testing import deliver
from contracts.partners import Role
from staffing.coverage.event_handlers import COVERAGE
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.http.route_table import Ids, OpenTo, Route, Scene, roles
from tests.staffing.conftest import confirmed, scheduled

BASE = "/api/staffing/v1"
SUPERVISOR = {"display_name": "Secret animator", "qualification": "qualified", "engagement": "volunteer"}


async def prepare(world: World, databases: ServiceDatabases) -> Scene:
    """A session with a booking and a supervisor."""
    own = await world.organisation()
    session = scheduled(own, title="Secret session")
    booking = confirmed(session, 7, 9)
    for event in (session, booking):
        async with AsyncSession(databases.engine("worker")) as transaction, transaction.begin():
            await deliver(transaction, COVERAGE, event)
    director = await world.member(own, Role.director)
    path = f"{BASE}/sessions/{session.session_id}/supervisors"
    answer = await director.post(path, SUPERVISOR)
    assert answer.status_code == 201, answer.text
    ids = {"session_id": str(session.session_id), "supervisor_id": answer.json()["id"]}
    household, child = new_id(), booking.places[0].participant_id
    return Scene(
        own,
        ids,
        parent=await world.parent(own, household, child),
        other_parent=await world.parent(own, new_id(), new_id()),
        secrets=(*ids.values(), str(own), "Secret animator", "Secret session"),
    )


def supervisor(_: Ids) -> dict[str, Any]:
    return SUPERVISOR


FIELD = roles(FIELD_STAFF)
ROUTES = (
    Route("POST", "/sessions/{session_id}/supervisors", FIELD, body=supervisor),
    Route("DELETE", "/supervisors/{supervisor_id}", FIELD, consumes=True),
    Route("GET", "/sessions/{session_id}/coverage", FIELD),
    Route("GET", "/coverage", FIELD),
    Route("GET", "/supervision-rules", open_to=OpenTo.SIGNED_IN),
)
