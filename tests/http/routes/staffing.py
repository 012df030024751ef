"""The routes of the staffing service, a session that needs somebody, and people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import FIELD_STAFF, PLANNERS
from common.ids import new_id
from common.testing import deliver
from contracts.partners import Role
from staffing.coverage.event_handlers import COVERAGE
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.http.route_table import Ids, OpenTo, Route, Scene, roles
from tests.staffing.conftest import confirmed, scheduled
from tests.staffing.people.making import register

BASE = "/api/staffing/v1"
LEAVE = {"starts_on": "2027-07-01", "ends_on": "2027-07-02"}
PAPER = {"kind": "first_aid", "issuer": "Secret issuer", "issued_on": "2025-01-01"}
PERSON = {"kind": "volunteer", "display_name": "Newcomer", "started_on": "2025-09-01"}
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
    ids = {"organisation_id": str(own), "session_id": str(session.session_id), "supervisor_id": answer.json()["id"]}
    ids |= await people_of(director, own)
    household, child = new_id(), booking.places[0].participant_id
    return Scene(
        own,
        ids,
        parent=await world.parent(own, household, child),
        other_parent=await world.parent(own, new_id(), new_id()),
        secrets=(*ids.values(), "Secret animator", "Secret session", "Secret person", "Secret issuer"),
    )


async def people_of(director: Person, own: UUID) -> dict[str, str]:
    """A person with a window, a leave and a paper."""
    person = await register(director, own, display_name="Secret person", email="secret@example.org")
    path = f"{BASE}/people/{person['id']}"
    leave = (await director.post(f"{path}/leaves", LEAVE)).json()
    paper = (await director.post(f"{path}/qualifications", PAPER)).json()
    return {"person_id": person["id"], "leave_id": leave["id"], "qualification_id": paper["id"]}


def sending(body: dict[str, Any]) -> Callable[[Ids], object]:
    """The same body whatever it is about."""
    return lambda _: body


def new_person(ids: Ids) -> dict[str, Any]:
    return {**PERSON, "organisation_id": ids["organisation_id"]}


def supervisor(_: Ids) -> dict[str, Any]:
    return SUPERVISOR


FIELD = roles(FIELD_STAFF)
PLAN = roles(PLANNERS)
ROUTES = (
    Route("POST", "/sessions/{session_id}/supervisors", FIELD, body=supervisor),
    Route("DELETE", "/supervisors/{supervisor_id}", FIELD, consumes=True),
    Route("GET", "/sessions/{session_id}/coverage", FIELD),
    Route("GET", "/coverage", FIELD),
    Route("GET", "/supervision-rules", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/people", PLAN, body=new_person),
    Route("GET", "/people", PLAN),
    Route("GET", "/people/mine", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/people/link", open_to=OpenTo.SIGNED_IN, body=sending({"code": "not-a-code"})),
    Route("GET", "/people/{person_id}", PLAN),
    Route("PATCH", "/people/{person_id}", PLAN, body=sending({"phone": "112"}), if_match='"1"'),
    Route("POST", "/people/{person_id}/link-code", PLAN),
    Route("DELETE", "/people/{person_id}/account", PLAN),
    Route("GET", "/people/{person_id}/availability", PLAN),
    Route("PUT", "/people/{person_id}/availability", PLAN, body=sending({"windows": []}), if_match='"1"'),
    Route("POST", "/people/{person_id}/leaves", PLAN, body=sending(LEAVE)),
    Route("GET", "/leaves", PLAN),
    Route("PATCH", "/leaves/{leave_id}", PLAN, body=sending({"state": "withdrawn"}), if_match='"1"'),
    Route("POST", "/people/{person_id}/qualifications", PLAN, body=sending(PAPER)),
    Route("GET", "/qualifications", PLAN),
    Route("PATCH", "/qualifications/{qualification_id}", PLAN, body=sending({"issuer": "Another"}), if_match='"1"'),
    Route("DELETE", "/qualifications/{qualification_id}", PLAN, if_match='"1"', consumes=True),
)
