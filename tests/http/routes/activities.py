"""The routes of the activities service, and an association with a draft, a family, bookings and a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.roles import FEDERATION_OFFICE, FIELD_STAFF, LEADERS, PLANNERS, TEAM
from activities.agreements.event_handlers import AGREEMENTS
from common.ids import new_id
from common.testing import deliver, example
from contracts.partners import AgreementChanged
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import (
    BASE,
    Organiser,
    booking_body,
    created,
    make_household,
    make_organiser,
    programme_body,
)
from tests.http.route_table import Ids, OpenTo, Route, Scene, roles

SOON_DAYS = 0.5 / 24
NEVER = '"999999"'
SECRET_WISHES = {"people": [{"role": "secret_role"}]}


async def prepare(world: World, databases: ServiceDatabases) -> Scene:
    """A published session with a family on its list, and a draft that nobody outside may know of."""
    organiser = await make_organiser(world)
    director, own = organiser.director, organiser.organisation_id
    household_id, (child, sibling) = await make_household(director, own, "2017-05-01", "2018-05-01")
    (contact,) = (await director.get(f"{BASE}/households/{household_id}/contacts")).json()
    parent = await world.parent(own, household_id, child, sibling)
    other_household, (neighbour,) = await make_household(director, own, "2017-05-01", email=None, name="Peeters")
    other_parent = await world.parent(own, other_household, neighbour)
    session = await organiser.session(in_days=SOON_DAYS, open_door=True, wishes=SECRET_WISHES)
    booking = created(await parent.post(f"{BASE}/bookings", booking_body(session, child)))
    marks = {"marks": [{"participant_id": str(child), "state": "present"}]}
    path = f"{BASE}/sessions/{session['id']}/attendance"
    assert (await director.change("PUT", path, marks, version=0)).status_code == 200
    created(await parent.post(f"{BASE}/consents", consent({"participant_id": str(child)})))
    attested = attestation({"participant_id": str(child), "organisation_id": str(own)})
    attested = created(await parent.post(f"{BASE}/attestations", attested))
    draft = await make_draft(organiser)
    safety = await make_safe(organiser, draft, f"{BASE}/sessions/{session['id']}")
    agreement_id = await make_agreement(databases, own)
    cited = await director.change("PUT", f"{BASE}/sessions/{draft['session_id']}/agreement", agreement_id)
    assert cited.status_code == 200, cited.text
    ids = {
        **safety,
        **agreement_id,
        **draft,
        "organisation_id": str(own),
        "site_id": str(organiser.site_id),
        "household_id": str(household_id),
        "participant_id": str(child),
        "sibling_id": str(sibling),
        "contact_id": contact["id"],
        "booking_id": booking["id"],
        "attestation_id": attested["id"],
        "code": "there-is-no-such-code",
        "secret": "there-is-no-calendar-at-this-address",
    }
    hidden = {name: ids[name] for name in ids if name not in ("organisation_id", "site_id", "code", "secret")}
    secrets = (
        *hidden.values(),
        "Secret programme",
        "Secret activity",
        "Secret session",
        "secret_role",
        "Secret hazard",
        "Secret task",
        "Secret incident",
        "Secret follow-up",
        "Secret agreement",
        "Haddad",
        "family@example.org",
    )
    return Scene(own, ids, parent, other_parent, secrets, shown={"session_id": session["id"]})


async def make_draft(organiser: Organiser) -> dict[str, str]:
    """A programme, an activity and a session that are not published."""
    director = organiser.director
    body = {**programme_body(organiser.organisation_id), "title": "Secret programme"}
    programme = created(await director.post(f"{BASE}/programmes", body))
    plan = {"programme_id": programme["id"], "title": "Secret activity", "audience": "6-12"}
    activity = created(await director.post(f"{BASE}/activities", plan))
    ids = {"activity_id": activity["id"], "site_id": str(organiser.site_id)}
    session = created(await director.post(f"{BASE}/sessions", session_body(ids)))
    return {"programme_id": programme["id"], "activity_id": activity["id"], "session_id": session["id"]}


async def make_agreement(databases: ServiceDatabases, keeper_id: UUID) -> dict[str, str]:
    """An agreement of the association with somebody else, as the partners service tells of it."""
    days = {"starts_on": "2026-01-01", "ends_on": None}
    told = {"agreement_id": new_id(), "organisation_id": keeper_id, "party_ids": (new_id(),), **days}
    event = example(AgreementChanged, **told, title="Secret agreement")
    async with AsyncSession(databases.engine("owner")) as session, session.begin():
        await deliver(session, AGREEMENTS, event)
    return {"agreement_id": str(event.key)}


async def make_safe(organiser: Organiser, draft: dict[str, str], published: str) -> dict[str, str]:
    """A risk sheet and a checklist of the draft, and an incident of the published session with a follow-up."""
    director, path = organiser.director, f"{BASE}/activities/{draft['activity_id']}"
    assert (await director.change("PUT", f"{path}/risk-sheet", risk_sheet(draft), version=0)).status_code == 200
    checklist = await director.change("PUT", f"{path}/checklist", checklist_body(draft), version=0)
    assert checklist.status_code == 200, checklist.text
    logged = created(await director.post(f"{published}/incidents", incident(draft)))
    follow_up = created(await director.post(f"{BASE}/incidents/{logged['id']}/follow-ups", follow_up_body(draft)))
    (item,) = checklist.json()["items"]
    return {"item_id": item["id"], "incident_id": logged["id"], "follow_up_id": follow_up["id"]}


def risk_sheet(_: Ids) -> dict[str, Any]:
    risk = {"hazard": "Secret hazard", "exposed": "all", "likelihood": 1, "severity": 2, "measure": "-"}
    return {"reviewed_on": "2026-11-01", "risks": [{**risk, "responsible": "coordinator"}]}


def checklist_body(_: Ids) -> dict[str, Any]:
    return {"items": [{"task": "Secret task", "is_required": True}]}


def incident(_: Ids) -> dict[str, Any]:
    happened = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    return {"happened_at": happened, "place": "hall", "what_happened": "Secret incident", "severity": "minor"}


def follow_up_body(_: Ids) -> dict[str, Any]:
    return {"task": "Secret follow-up", "due_on": "2026-12-01"}


def new_programme(ids: Ids) -> dict[str, Any]:
    return {**programme_body(ids["organisation_id"]), "title": "Secret programme"}


def programme(ids: Ids) -> dict[str, Any]:
    body = new_programme(ids)
    del body["organisation_id"]
    return body


def activity(ids: Ids) -> dict[str, Any]:
    return {"programme_id": ids["programme_id"], "title": "Secret activity", "audience": "6-12"}


def plan(ids: Ids) -> dict[str, Any]:
    return {
        "activity_id": ids["activity_id"],
        "site_id": ids["site_id"],
        "title": "Secret session",
        "capacity": 10,
        "prices": {"standard": 500},
        "wishes": SECRET_WISHES,
    }


def session_body(ids: Ids) -> dict[str, Any]:
    starts_at = datetime.now(UTC) + timedelta(days=SOON_DAYS)
    return {**plan(ids), "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}


def series(ids: Ids) -> dict[str, Any]:
    first = (datetime.now() + timedelta(days=3)).replace(microsecond=0)  # noqa: DTZ005
    return {
        **plan(ids),
        "first_starts_at_local": first.isoformat(),
        "duration_minutes": 60,
        "rule": "FREQ=DAILY;COUNT=2",
    }


def preview(ids: Ids) -> dict[str, Any]:
    body = series(ids)
    names = ("activity_id", "site_id", "first_starts_at_local", "duration_minutes", "rule")
    return {name: body[name] for name in names}


def participant(ids: Ids) -> dict[str, Any]:
    return {"organisation_id": ids["organisation_id"], "given_name": "Yanis", "family_name": "Haddad"}


def member(ids: Ids) -> dict[str, Any]:
    return {**participant(ids), **of_household(ids)}


def guest_booking(_: Ids) -> dict[str, Any]:
    people = [{"given_name": "Ada", "family_name": "Byron"}]
    return {"session_id": str(new_id()), "email": "ada@example.org", "language": "en", "people": people}


def booking(ids: Ids) -> dict[str, Any]:
    return {"session_id": ids["session_id"], "places": [{"participant_id": ids["sibling_id"]}]}


def booking_for_association(ids: Ids) -> dict[str, Any]:
    return {**booking(ids), "booked_by_organisation_id": ids["organisation_id"]}


def walk_in(ids: Ids) -> dict[str, Any]:
    return {"places": [{"participant_id": ids["sibling_id"]}]}


def marks(ids: Ids) -> dict[str, Any]:
    return {"marks": [{"participant_id": ids["participant_id"], "state": "absent"}]}


def mark(ids: Ids) -> dict[str, Any]:
    return {"participant_id": ids["participant_id"], "state": "absent", "base_version": 7}


def attestation(ids: Ids) -> dict[str, Any]:
    year = datetime.now(UTC).year
    return {
        "participant_id": ids["participant_id"],
        "organiser_id": ids["organisation_id"],
        "year": year,
        "language": "fr",
    }


def consent(ids: Ids) -> dict[str, Any]:
    return {"participant_id": ids["participant_id"], "purpose": "photo", "wording_version": 1, "is_given": True}


def erasure(ids: Ids) -> dict[str, str]:
    return {**of_organisation(ids), "subject": "worker", "subject_id": str(new_id())}


def period(ids: Ids) -> dict[str, str]:
    days = {"starts_from": "2026-01-01T00:00:00Z", "starts_before": "2099-01-01T00:00:00Z"}
    return {"federation_id": ids["organisation_id"], **days}


def of_programme(ids: Ids) -> dict[str, str]:
    return {"programme_id": ids["programme_id"]}


def of_activity(ids: Ids) -> dict[str, str]:
    return {"activity_id": ids["activity_id"]}


def of_participant(ids: Ids) -> dict[str, str]:
    return {"participant_id": ids["participant_id"]}


def of_household(ids: Ids) -> dict[str, str]:
    return {"household_id": ids["household_id"]}


def of_organisation(ids: Ids) -> dict[str, str]:
    return {"organisation_id": ids["organisation_id"]}


def drafts(ids: Ids) -> dict[str, str]:
    return {"organisation_id": ids["organisation_id"], "state": "draft"}


PLAN, FIELD, READ, LEAD = roles(PLANNERS), roles(FIELD_STAFF), roles(TEAM), roles(LEADERS)
PUBLIC, SIGNED_IN = OpenTo.PUBLIC, OpenTo.SIGNED_IN
ROUTES = (
    Route("GET", "/households/{household_id}/attestable-years", parent=True),
    Route("GET", "/households/{household_id}/attestations", parent=True),
    Route("POST", "/attestations", parent=True, body=attestation),
    Route("GET", "/attestations/{attestation_id}/pdf", parent=True, shows=False, open_to=SIGNED_IN),
    Route("GET", "/sessions/{session_id}/roster", FIELD, parent=True, open_to=SIGNED_IN, shows=False),
    Route("POST", "/programmes", PLAN, body=new_programme),
    Route("GET", "/programmes", FIELD | LEAD, open_to=PUBLIC, query=drafts),
    Route("GET", "/programmes/{programme_id}", FIELD | LEAD, open_to=PUBLIC),
    Route("PUT", "/programmes/{programme_id}", PLAN, body=programme, if_match=NEVER),
    Route("PATCH", "/programmes/{programme_id}", PLAN, body=lambda _: {"state": "published"}, if_match=NEVER),
    Route("PATCH", "/programmes/{programme_id}", LEAD, body=lambda _: {"state": "approved"}, if_match=NEVER),
    Route("POST", "/activities", PLAN, body=activity),
    Route("GET", "/activities", FIELD, open_to=PUBLIC, query=of_programme),
    Route("GET", "/activities/{activity_id}", FIELD, open_to=PUBLIC),
    Route("PATCH", "/activities/{activity_id}", PLAN, body=lambda _: {"title": "Other"}, if_match=NEVER),
    Route("POST", "/sessions", PLAN, body=session_body),
    Route("POST", "/sessions/series", PLAN, body=series),
    Route("POST", "/sessions/series/preview", PLAN, body=preview),
    Route("GET", "/sessions", READ, open_to=PUBLIC, query=of_activity),
    Route("GET", "/sessions/{session_id}", READ, open_to=PUBLIC),
    Route("GET", "/sessions/{session_id}/history", FIELD, shows=False),
    Route("PATCH", "/sessions/{session_id}", PLAN, body=lambda _: {"title": "Other"}, if_match=NEVER),
    Route("POST", "/sessions/{session_id}/cancellation", PLAN, body=lambda _: {"reason": "?"}, if_match=NEVER),
    Route("POST", "/sessions/{session_id}/completion", FIELD),
    Route("GET", "/sessions/{session_id}/attendance", FIELD, parent=True, open_to=SIGNED_IN),
    Route("PUT", "/sessions/{session_id}/attendance", FIELD, body=marks, if_match=NEVER),
    Route("POST", "/sessions/{session_id}/attendance/marks", FIELD, body=mark),
    Route("POST", "/sessions/{session_id}/attendance/visitors", FIELD, body=lambda _: {"from_age": 6, "to_age": 11}),
    Route("POST", "/sessions/{session_id}/walk-ins", FIELD, body=walk_in),
    Route("GET", "/sessions/{session_id}/hold", READ),
    Route("GET", "/holds", READ),
    Route("POST", "/households", FIELD, body=lambda ids: {**of_organisation(ids), "name": "Haddad"}),
    Route("GET", "/households", FIELD, parent=True, query=lambda _: {"name_contains": "Haddad"}),
    Route("GET", "/households/{household_id}", FIELD, parent=True),
    Route("PATCH", "/households/{household_id}", FIELD, body=lambda _: {"name": "Other"}, if_match=NEVER),
    Route("POST", "/participants", FIELD, body=participant),
    Route("POST", "/participants", FIELD, parent=True, body=member),
    Route("GET", "/participants", FIELD, parent=True, query=of_household),
    Route("GET", "/participants/{participant_id}", FIELD, parent=True),
    Route(
        "PATCH",
        "/participants/{participant_id}",
        FIELD,
        parent=True,
        body=lambda _: {"given_name": "X"},
        if_match=NEVER,
    ),
    Route("PATCH", "/participants/{participant_id}", FIELD, body=lambda _: {"household_id": None}, if_match=NEVER),
    Route(
        "POST",
        "/households/{household_id}/contacts",
        FIELD,
        body=lambda _: {"display_name": "Haddad", "language": "fr"},
    ),
    Route("GET", "/households/{household_id}/contacts", FIELD, parent=True),
    Route("GET", "/households/{household_id}/calendar-address", open_to=SIGNED_IN),
    Route("POST", "/households/{household_id}/calendar-address", open_to=SIGNED_IN),
    Route("DELETE", "/households/{household_id}/calendar-address", open_to=SIGNED_IN),
    Route("GET", "/calendars/{secret}", open_to=PUBLIC),
    Route("GET", "/contacts/{contact_id}", FIELD, parent=True),
    Route("PATCH", "/contacts/{contact_id}", FIELD, parent=True, body=lambda _: {"language": "nl"}, if_match=NEVER),
    Route("POST", "/contacts/{contact_id}/link-code", FIELD),
    Route("POST", "/contacts/{contact_id}/paper-code", FIELD),
    Route("DELETE", "/contacts/{contact_id}/account", FIELD),
    Route("POST", "/contacts/link", open_to=SIGNED_IN, body=lambda _: {"code": "no-such-code-at-all-"}),
    Route("POST", "/guest-bookings", open_to=PUBLIC, body=guest_booking),
    Route("POST", "/guest-bookings/link", open_to=PUBLIC, body=lambda _: {"code": "no-such-code-at-all-"}),
    Route("POST", "/guest-bookings/confirmation", open_to=PUBLIC, body=lambda _: {"code": "no-such-code-at-all-"}),
    Route("POST", "/guest-bookings/cancellation", open_to=PUBLIC, body=lambda _: {"code": "no-such-code-at-all-"}),
    Route("POST", "/guest-bookings/offer-acceptance", open_to=PUBLIC, body=lambda _: {"code": "no-such-code-at-all-"}),
    Route("POST", "/guest-bookings/offer-refusal", open_to=PUBLIC, body=lambda _: {"code": "no-such-code-at-all-"}),
    Route("POST", "/bookings", FIELD, parent=True, body=booking),
    Route("POST", "/bookings", FIELD, body=booking_for_association),
    Route("GET", "/bookings", FIELD, parent=True, query=of_participant),
    Route("GET", "/bookings/{booking_id}", FIELD, parent=True),
    Route("GET", "/bookings/{booking_id}/decisions", FIELD, parent=True, shows=False),
    Route("POST", "/bookings/{booking_id}/offer-acceptance", FIELD, parent=True),
    Route("POST", "/bookings/{booking_id}/offer-refusal", FIELD, parent=True),
    Route("POST", "/bookings/{booking_id}/cancellation", FIELD, parent=True, body=lambda _: {}),
    Route("POST", "/erasures", PLAN, body=erasure),
    Route("GET", "/erasures", PLAN, open_to=SIGNED_IN, query=of_organisation, shows=False),
    Route("GET", "/erasures/{code}", open_to=PUBLIC, shows=False),
    Route("GET", "/activities/{activity_id}/risk-sheet", FIELD),
    Route("PUT", "/activities/{activity_id}/risk-sheet", PLAN, body=risk_sheet, if_match=NEVER),
    Route("GET", "/activities/{activity_id}/checklist", FIELD),
    Route("PUT", "/activities/{activity_id}/checklist", PLAN, body=checklist_body, if_match=NEVER),
    Route("GET", "/sessions/{session_id}/agreement", FIELD),
    Route("PUT", "/sessions/{session_id}/agreement", PLAN, body=lambda ids: {"agreement_id": ids["agreement_id"]}),
    Route("GET", "/agreements/{agreement_id}/sessions", READ, open_to=SIGNED_IN),
    Route("GET", "/sessions/{session_id}/opening", FIELD, shows=False),
    Route("POST", "/sessions/{session_id}/checklist-ticks", FIELD, body=lambda ids: {"item_id": ids["item_id"]}),
    Route("DELETE", "/sessions/{session_id}/checklist-ticks/{item_id}", FIELD),
    Route("POST", "/sessions/{session_id}/opening", FIELD, body=lambda _: {}),
    Route("POST", "/sessions/{session_id}/incidents", FIELD, body=incident),
    Route("GET", "/sessions/{session_id}/incidents", FIELD, shows=False),
    Route("POST", "/incidents/{incident_id}/follow-ups", FIELD, body=follow_up_body),
    Route("PATCH", "/follow-ups/{follow_up_id}", FIELD, body=lambda _: {"is_done": True}, if_match=NEVER),
    Route("GET", "/follow-ups", FIELD, query=of_organisation),
    Route("GET", "/consent-wordings", open_to=SIGNED_IN, shows=False),
    Route("POST", "/consents", FIELD, parent=True, body=consent),
    Route("GET", "/households/{household_id}/consents", FIELD, parent=True),
    Route("GET", "/participants/{participant_id}/consents", FIELD, parent=True),
    Route("GET", "/evaluation/associations", roles(FEDERATION_OFFICE), query=period, shows=False),
)
