"""The routes of the staffing service, a session that needs somebody, and people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import FEDERATION_OFFICE, FIELD_STAFF, PLANNERS
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
ABSENCE = {"first_on": "2027-08-01", "last_on": "2027-08-02"}
LEAVE = {"starts_on": "2027-07-01", "ends_on": "2027-07-02"}
PAPER = {"kind": "first_aid", "issuer": "Secret issuer", "issued_on": "2025-01-01"}
HOURS = {"title": "Secret work", "starts_at": "2026-05-06T12:00:00Z", "ends_at": "2026-05-06T14:00:00Z"}
SHIFT = {"role": "helper", "title": "Secret shift", "places": 2}
PERSON = {"kind": "volunteer", "display_name": "Newcomer", "started_on": "2025-09-01"}
EMPLOYER = {
    **dict.fromkeys(("legal_form", "enterprise_number", "address", "social_purpose", "contact_name"), "Known"),
    **dict.fromkeys(("contact_role", "insurer_name", "policy_number"), "Known"),
    "legal_name": "Secret name before the law",
}
VACANCY = {"title": "Secret vacancy", "footing": "volunteer", "role": "helper", "starts_on": "2026-09-01"}
APPLICANT = {"display_name": "Secret applicant", "email": "applicant@example.org"}
TRAINING = {
    "title": "Secret training",
    "kind": "first_aid",
    "issuer": "Known",
    "places": 5,
    "starts_at": "2027-05-06T12:00:00Z",
    "ends_at": "2027-05-06T14:00:00Z",
}
NOTE = {"kind": "volunteer_note", "task": "Secret task", "starts_on": "2026-09-01"}
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
    ids |= await people_of(world, director, own)
    ids |= await shifts_of(director, ids)
    household, child = new_id(), booking.places[0].participant_id
    return Scene(
        own,
        ids,
        parent=await world.parent(own, household, child),
        other_parent=await world.parent(own, new_id(), new_id()),
        secrets=(
            *ids.values(),
            "Secret animator",
            "Secret session",
            "Secret person",
            "Secret issuer",
            "Secret work",
            "Secret shift",
            "Secret name before the law",
            "Secret task",
            "Secret vacancy",
            "Secret applicant",
            "Secret training",
        ),
    )


async def people_of(world: World, director: Person, own: UUID) -> dict[str, str]:
    """A person with a window, a leave and a paper."""
    person = await register(director, own, display_name="Secret person", email="secret@example.org")
    path = f"{BASE}/people/{person['id']}"
    leave = (await director.post(f"{path}/leaves", LEAVE)).json()
    paper = (await director.post(f"{path}/qualifications", PAPER)).json()
    hours = (await director.post(f"{path}/hours", HOURS)).json()
    await director.post(f"{path}/passport", {})
    await director.change("PUT", f"{BASE}/organisations/{own}/employer-details", EMPLOYER, version=0)
    document = (await director.post(f"{path}/documents", NOTE)).json()
    hidden = (await director.post(f"{BASE}/vacancies", {**VACANCY, "organisation_id": str(own)})).json()
    course = (await director.post(f"{BASE}/trainings", {**TRAINING, "organisation_id": str(own)})).json()
    application_id = await apply_once(world, director, own)
    return {
        "person_id": person["id"],
        "leave_id": leave["id"],
        "qualification_id": paper["id"],
        "hours_id": hours["id"],
        "document_id": document["id"],
        "vacancy_id": hidden["id"],
        "application_id": application_id,
        "training_id": course["id"],
    }


async def apply_once(world: World, director: Person, own: UUID) -> str:
    """An application for a call that is closed by now."""
    body = {**VACANCY, "title": "Call", "organisation_id": str(own)}
    path = f"{BASE}/vacancies/{(await director.post(f'{BASE}/vacancies', body)).json()['id']}"
    await director.change("PATCH", path, {"state": "published"}, version=1)
    applied = (await world.stranger().post(f"{path}/applications", APPLICANT)).json()
    await director.change("PATCH", path, {"state": "closed"}, version=2)
    return str(applied["id"])


async def shifts_of(director: Person, ids: dict[str, str]) -> dict[str, str]:
    """A shift with somebody on it, one with a free place, a proposal, and terms."""
    path = f"{BASE}/sessions/{ids['session_id']}/shifts"
    taken = (await director.post(path, SHIFT)).json()
    body = {"person_id": ids["person_id"]}
    assigned = (await director.post(f"{BASE}/shifts/{taken['id']}/assignments", body)).json()
    await director.post(f"{BASE}/hour-terms", terms({**ids, "first": "2025-01-01"}))
    proposal = (await director.post(f"{BASE}/proposals", week(ids))).json()
    sought = (await director.post(f"{BASE}/assignments/{assigned['id']}/substitute-requests", {})).json()
    return {
        "shift_id": taken["id"],
        "assignment_id": assigned["id"],
        "proposal_id": proposal["id"],
        "request_id": sought["id"],
        "secret": "there-is-no-calendar-at-this-address",
    }


def assignment(ids: Ids) -> dict[str, Any]:
    return {"person_id": ids["person_id"]}


def shift_beside_sessions(ids: Ids) -> dict[str, Any]:
    times = {"starts_at": "2027-05-06T12:00:00Z", "ends_at": "2027-05-06T14:00:00Z"}
    return {"organisation_id": ids["organisation_id"], "title": "Permanence", "role": "helper", **times}


def week(ids: Ids) -> dict[str, Any]:
    times = {"from_at": "2027-05-03T00:00:00Z", "until_at": "2027-05-10T00:00:00Z"}
    return {"organisation_id": ids["organisation_id"], **times}


def terms(ids: Ids) -> dict[str, Any]:
    days = {"valid_from": ids.get("first", "2035-01-01"), "valid_to": ids.get("first", "2035-12-31")}
    amounts = {"volunteer_hour_value_minor": 1500, "volunteer_day_allowance_minor": 3000}
    return {"organisation_id": ids["organisation_id"], **amounts, **days}


def week_of_session(ids: Ids) -> dict[str, str]:
    return {"organisation_id": ids["organisation_id"], "day": "2027-05-05"}


def sums(ids: Ids) -> dict[str, str]:
    return {"organisation_id": ids["organisation_id"], "first": "2026-01-01", "last": "2026-12-31"}


def sending(body: dict[str, Any]) -> Callable[[Ids], object]:
    """The same body whatever it is about."""
    return lambda _: body


def nobody_elsewhere(ids: Ids) -> dict[str, Any]:
    """The association's own person, who is nobody to ask elsewhere: a refusal, for those who may ask at all."""
    return {"person_ids": [ids["person_id"]]}


def vacancy(ids: Ids) -> dict[str, Any]:
    return {**VACANCY, "organisation_id": ids["organisation_id"]}


def training(ids: Ids) -> dict[str, Any]:
    return {**TRAINING, "organisation_id": ids["organisation_id"]}


def new_person(ids: Ids) -> dict[str, Any]:
    return {**PERSON, "organisation_id": ids["organisation_id"]}


def supervisor(_: Ids) -> dict[str, Any]:
    return SUPERVISOR


def period(ids: Ids) -> dict[str, str]:
    days = {"starts_from": "2026-01-01T00:00:00Z", "starts_before": "2099-01-01T00:00:00Z"}
    return {"federation_id": ids["organisation_id"], **days}


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
    Route("PUT", "/organisations/{organisation_id}/employer-details", PLAN, body=sending(EMPLOYER), if_match='"1"'),
    Route("GET", "/organisations/{organisation_id}/employer-details", PLAN),
    Route("POST", "/people/{person_id}/documents", PLAN, body=sending(NOTE)),
    Route("GET", "/documents", PLAN),
    Route("GET", "/documents/{document_id}", PLAN),
    Route("GET", "/documents/{document_id}/pdf", PLAN, shows=False),
    Route("PATCH", "/documents/{document_id}", PLAN, body=sending({"state": "void"}), if_match='"1"', consumes=True),
    Route("POST", "/vacancies", PLAN, body=vacancy),
    Route("GET", "/vacancies", PLAN, open_to=OpenTo.PUBLIC),
    Route("GET", "/vacancies/{vacancy_id}", PLAN, open_to=OpenTo.PUBLIC),
    Route("PATCH", "/vacancies/{vacancy_id}", PLAN, body=sending({"places": 3}), if_match='"1"'),
    Route("POST", "/vacancies/{vacancy_id}/applications", open_to=OpenTo.SIGNED_IN, body=sending(APPLICANT)),
    Route("GET", "/applications", PLAN, shows=False),
    Route(
        "PATCH",
        "/applications/{application_id}",
        PLAN,
        body=sending({"state": "refused"}),
        if_match='"1"',
        consumes=True,
    ),
    Route("POST", "/trainings", PLAN, body=training),
    Route("GET", "/trainings", PLAN),
    Route("GET", "/trainings/{training_id}", PLAN),
    Route("PUT", "/trainings/{training_id}/trainees/{person_id}", PLAN),
    Route("DELETE", "/trainings/{training_id}/trainees/{person_id}", PLAN),
    Route("PUT", "/trainings/{training_id}/attendance", PLAN, body=sending({"person_ids": []}), if_match='"1"'),
    Route("POST", "/trainings/{training_id}/cancellation", PLAN, if_match='"1"', consumes=True),
    Route("POST", "/people/{person_id}/passport", PLAN),
    Route("GET", "/people/{person_id}/passport", PLAN),
    Route("DELETE", "/people/{person_id}/passport", PLAN),
    Route("GET", "/passports", PLAN, shows=False),
    Route("GET", "/passports/{person_id}", open_to=OpenTo.SIGNED_IN),
    Route("GET", "/people/{person_id}/calendar-address", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/people/{person_id}/calendar-address", open_to=OpenTo.SIGNED_IN),
    Route("DELETE", "/people/{person_id}/calendar-address", open_to=OpenTo.SIGNED_IN),
    Route("GET", "/calendars/{secret}", open_to=OpenTo.PUBLIC),
    Route("POST", "/people/{person_id}/hours", PLAN, body=sending(HOURS)),
    Route("GET", "/hours", PLAN),
    Route("GET", "/hours/sums", PLAN, query=sums, shows=False),
    Route("PATCH", "/hours/{hours_id}", PLAN, body=sending({"state": "approved"}), if_match='"1"', consumes=True),
    Route("GET", "/well-being", PLAN, query=week_of_session),
    Route("GET", "/work-rules", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/hour-terms", PLAN, body=terms),
    Route("GET", "/hour-terms", PLAN, query=sums, shows=False),
    Route("POST", "/shifts", PLAN, body=shift_beside_sessions),
    Route("POST", "/sessions/{session_id}/shifts", PLAN, body=sending(SHIFT)),
    Route("GET", "/shifts", PLAN),
    Route("GET", "/shifts/{shift_id}", PLAN),
    Route("PATCH", "/shifts/{shift_id}", PLAN, body=sending({"is_open": False}), if_match='"2"'),
    Route("GET", "/shifts/{shift_id}/candidates", PLAN),
    Route("POST", "/shifts/{shift_id}/assignments", PLAN, body=assignment),
    Route("POST", "/shifts/{shift_id}/sign-up", open_to=OpenTo.SIGNED_IN),
    Route("GET", "/assignments/mine", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/assignments/{assignment_id}/release", PLAN, consumes=True),
    Route("POST", "/assignments/{assignment_id}/handover", PLAN, body=assignment),
    Route("POST", "/people/{person_id}/absences", PLAN, body=sending(ABSENCE)),
    Route("POST", "/assignments/{assignment_id}/substitute-requests", PLAN, body=sending({})),
    Route("GET", "/assignments/{assignment_id}/exchanges", PLAN, shows=False),
    Route("GET", "/shifts/{shift_id}/candidates-elsewhere", PLAN, shows=False),
    Route("POST", "/shifts/{shift_id}/substitute-requests", PLAN, body=nobody_elsewhere),
    Route("GET", "/substitute-requests", PLAN),
    Route("POST", "/substitute-requests/{request_id}/acceptance", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/substitute-requests/{request_id}/withdrawal", PLAN, consumes=True),
    Route("POST", "/shifts/{shift_id}/cancellation", PLAN, consumes=True),
    Route("POST", "/proposals", PLAN, body=week),
    Route("POST", "/sessions/{session_id}/proposals", PLAN),
    Route("GET", "/proposals", PLAN),
    Route("GET", "/proposals/{proposal_id}", PLAN),
    Route("POST", "/proposals/{proposal_id}/acceptance", PLAN, body=sending({})),
    Route("GET", "/evaluation/associations", roles(FEDERATION_OFFICE), query=period, shows=False),
    Route("GET", "/evaluation/lending", roles(FEDERATION_OFFICE), query=period, shows=False),
)
