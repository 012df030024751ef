"""The routes of the partners service, and a federation with an association, its members and an invitation."""

from __future__ import annotations

import secrets
from typing import Any

from access.roles import FEDERATION_OFFICE, FIELD_STAFF, LEADERS, PLANNERS, TEAM
from common.ids import new_id
from contracts.partners import Role
from partners.memberships.domain import Role as MemberRole
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.http.route_table import Ids, OpenTo, Route, Scene, roles
from tests.partners.agreements.test_api import AGREEMENTS
from tests.partners.conftest import MEMBERSHIPS, Founded, found, new_association, new_invitation
from tests.partners.meetings.test_api import MEETINGS, TASKS, new_meeting
from tests.partners.memberships.conftest import joined
from tests.partners.resources.conftest import (
    PICTURE,
    new_closure,
    new_handover,
    new_lease,
    new_paper,
    new_photo,
    new_reservation,
    new_resource,
    outfit,
)

NEVER = '"999999"'


async def prepare(world: World, databases: ServiceDatabases) -> Scene:
    """An association that has invited a coordinator; the directory of organisations is no secret."""
    founded, elsewhere = await found(databases), await found(databases)
    director = await world.member(founded.association_id, Role.director)
    invitation = new_invitation(founded.association_id, display_name="Secret colleague", email="secret@example.org")
    invited = await director.post(MEMBERSHIPS, invitation)
    assert invited.status_code == 201, invited.text
    drafted = await director.post(
        AGREEMENTS, agreement({"organisation_id": str(founded.association_id), **outside(elsewhere)})
    )
    assert drafted.status_code == 201, drafted.text
    secret = await outfit(director, founded.association_id, name="Secret cellar", title="Secret party")
    owner = await joined(databases, founded, MemberRole.animator)
    meeting = await director.post(MEETINGS, new_meeting(founded.association_id, title="Secret meeting"))
    assert meeting.status_code == 201, meeting.text
    met = {"meeting_id": meeting.json()["id"], "owner_membership_id": str(owner.membership_id)}
    given = await director.post(TASKS, task({**met, "organisation_id": str(founded.association_id)}))
    assert given.status_code == 201, given.text
    ids = {
        "membership_id": invited.json()["id"],
        "agreement_id": drafted.json()["id"],
        "task_id": given.json()["id"],
        **met,
        **secret,
        "secret": "no-such-secret-at-all",
    }
    directory = {
        "organisation_id": str(founded.association_id),
        "federation_id": str(founded.federation_id),
        "other_federation_id": str(elsewhere.federation_id),
        **outside(elsewhere),
    }
    return Scene(
        founded.association_id,
        ids,
        parent=await world.parent(founded.association_id, new_id(), new_id()),
        other_parent=await world.parent(founded.association_id, new_id(), new_id()),
        secrets=(
            *ids.values(),
            "Secret agreement",
            "Secret meeting",
            "Secret task",
            "Secret colleague",
            "secret@example.org",
            "Secret cellar",
            "Secret party",
        ),
        shown=directory,
    )


def outside(founded: Founded) -> dict[str, str]:
    return {"side_id": str(founded.association_id)}


def terms(ids: Ids) -> dict[str, Any]:
    body = {"title": "Secret agreement", "scope": "", "starts_on": "2026-09-01", "party_ids": [ids["side_id"]]}
    return {**body, "ends_on": "2027-06-30"}


def agreement(ids: Ids) -> dict[str, Any]:
    return {**terms(ids), "organisation_id": ids["organisation_id"]}


def signature(ids: Ids) -> dict[str, Any]:
    return {"party_id": ids["organisation_id"], "signed_by": "Somebody", "signed_on": "2026-08-20"}


def written(ids: Ids) -> dict[str, Any]:
    """What an association writes of a meeting."""
    return new_meeting(ids["organisation_id"], title="Secret meeting")


def rewritten(ids: Ids) -> dict[str, Any]:
    return {name: value for name, value in written(ids).items() if name != "organisation_id"}


def changed_task(ids: Ids) -> dict[str, Any]:
    return {"owner_membership_id": ids["owner_membership_id"], "due_on": "2027-01-15"}


def task(ids: Ids) -> dict[str, Any]:
    named = {"organisation_id": ids["organisation_id"], "meeting_id": ids["meeting_id"]}
    return {**changed_task(ids), **named, "title": "Secret task"}


def invitation(ids: Ids) -> dict[str, Any]:
    return new_invitation(ids["organisation_id"])  # type: ignore[arg-type]


def association(ids: Ids) -> dict[str, Any]:
    return new_association(ids["federation_id"])  # type: ignore[arg-type]


def site(ids: Ids) -> dict[str, Any]:
    body = new_association(ids["federation_id"], kind="site", parent_id=ids["organisation_id"])  # type: ignore[arg-type]
    return {**body, "federation_ids": []}


def code(_: Ids) -> dict[str, str]:
    return {"code": secrets.token_urlsafe(32)}


def resource(ids: Ids) -> dict[str, Any]:
    return new_resource(ids["organisation_id"])


def reservation(ids: Ids) -> dict[str, Any]:
    return new_reservation(ids["organisation_id"], ids["resource_id"], day=secrets.randbelow(2_000))


def closure(_: Ids) -> dict[str, Any]:
    return new_closure(day=2_000 + secrets.randbelow(2_000))


def paper(_: Ids) -> dict[str, Any]:
    return new_paper()


def lease(_: Ids) -> dict[str, Any]:
    return new_lease()


def photo(_: Ids) -> dict[str, Any]:
    return new_photo()


def key(_: Ids) -> dict[str, Any]:
    return {"label": secrets.token_hex(6)}


def handover(_: Ids) -> dict[str, Any]:
    return new_handover()


def reason(_: Ids) -> dict[str, str]:
    return {"reason": "Flooded"}


def sudden_closure(_: Ids) -> dict[str, Any]:
    period = new_closure(day=4_000 + secrets.randbelow(2_000))
    return {name: period[name] for name in ("starts_at", "ends_at", "reason")}


def year_2026(ids: Ids) -> dict[str, str]:
    days = {"starts_from": "2026-01-01T00:00:00Z", "starts_before": "2027-01-01T00:00:00Z"}
    return {"federation_id": ids["organisation_id"], **days}


SOON = {"from_at": "2026-01-01T00:00:00Z", "until_at": "2099-01-01T00:00:00Z"}
LEAD, PLAN, SEE, STAFF = roles(LEADERS), roles(PLANNERS), roles(TEAM), roles(FIELD_STAFF)
ROUTES = (
    Route("POST", "/memberships", LEAD, body=invitation),
    Route("POST", "/memberships/accept", open_to=OpenTo.SIGNED_IN, body=code),
    Route("GET", "/memberships", LEAD, query=lambda ids: {"organisation_id": ids["organisation_id"]}),
    Route("GET", "/memberships/mine", open_to=OpenTo.SIGNED_IN),
    Route("GET", "/memberships/{membership_id}", LEAD),
    Route("PATCH", "/memberships/{membership_id}", LEAD, body=lambda _: {"role": "animator"}, if_match=NEVER),
    Route("POST", "/memberships/{membership_id}/end", LEAD, consumes=True),
    Route("POST", "/agreements", PLAN, body=agreement),
    Route("GET", "/agreements", roles(PLANNERS, LEADERS)),
    Route("GET", "/agreements/{agreement_id}", roles(PLANNERS, LEADERS)),
    Route("PUT", "/agreements/{agreement_id}", PLAN, body=terms, if_match=NEVER),
    Route("POST", "/agreements/{agreement_id}/send", PLAN, consumes=True),
    Route("POST", "/agreements/{agreement_id}/signatures", LEAD, body=signature, consumes=True),
    Route("POST", "/agreements/{agreement_id}/end", PLAN, body=lambda _: {"reason": "It is over"}, consumes=True),
    Route("POST", "/meetings", PLAN, body=written),
    Route("GET", "/meetings", STAFF),
    Route("GET", "/meetings/{meeting_id}", STAFF),
    Route("PUT", "/meetings/{meeting_id}", PLAN, body=rewritten, if_match=NEVER),
    Route("POST", "/tasks", PLAN, body=task),
    Route("GET", "/tasks", STAFF),
    Route("GET", "/tasks/{task_id}", STAFF),
    Route("PATCH", "/tasks/{task_id}", PLAN, body=changed_task, if_match=NEVER),
    Route("POST", "/tasks/{task_id}/done", STAFF),
    Route("GET", "/task-owners", STAFF, query=lambda ids: {"organisation_id": ids["organisation_id"]}),
    Route("POST", "/organisations", body=association),
    Route("POST", "/organisations", LEAD, body=site),
    Route("GET", "/organisations", open_to=OpenTo.PUBLIC),
    Route("GET", "/organisations/{organisation_id}", open_to=OpenTo.PUBLIC),
    Route("GET", "/logos", open_to=OpenTo.PUBLIC),
    Route("GET", "/organisations/{organisation_id}/logo", open_to=OpenTo.PUBLIC, shows=False),
    Route("PUT", "/organisations/{organisation_id}/logo", LEAD, body=lambda _: {"content": PICTURE}),
    Route("DELETE", "/organisations/{organisation_id}/logo", LEAD),
    Route("PATCH", "/organisations/{organisation_id}", LEAD, body=lambda _: {"name": "Other"}, if_match=NEVER),
    Route(
        "POST",
        "/organisations/{organisation_id}/join",
        LEAD,
        body=lambda ids: {"federation_id": ids["other_federation_id"]},
    ),
    Route("POST", "/organisations/{organisation_id}/end", LEAD, consumes=True),
    Route("POST", "/resources", PLAN, body=resource),
    Route("GET", "/resources", SEE),
    Route("GET", "/resources/{resource_id}", SEE),
    Route("PATCH", "/resources/{resource_id}", PLAN, body=lambda _: {"name": "Other"}, if_match=NEVER),
    Route("POST", "/resources/{resource_id}/end", PLAN),
    Route("GET", "/resources/{resource_id}/busy", SEE, query=lambda _: SOON),
    Route("POST", "/resources/{resource_id}/closures", PLAN, body=closure),
    Route("GET", "/resources/{resource_id}/closures", SEE),
    Route("DELETE", "/closures/{closure_id}", PLAN, consumes=True),
    Route("POST", "/resources/{resource_id}/papers", PLAN, body=paper),
    Route("GET", "/resources/{resource_id}/papers", SEE),
    Route("POST", "/resources/{resource_id}/photos", PLAN, body=photo),
    Route("GET", "/resources/{resource_id}/photos", SEE),
    Route("GET", "/photos/{photo_id}/content", SEE, shows=False),
    Route("DELETE", "/photos/{photo_id}", PLAN, consumes=True),
    Route("PUT", "/resources/{resource_id}/calendar-address", PLAN),
    Route("GET", "/resources/{resource_id}/calendar-address", PLAN),
    Route("DELETE", "/resources/{resource_id}/calendar-address", PLAN),
    Route("GET", "/resource-calendars/{secret}", open_to=OpenTo.PUBLIC),
    Route("POST", "/resources/{resource_id}/leases", PLAN, body=lease),
    Route("GET", "/resources/{resource_id}/leases", PLAN),
    Route("PUT", "/leases/{lease_id}", PLAN, body=lease, if_match=NEVER),
    Route("POST", "/resources/{resource_id}/keys", PLAN, body=key),
    Route("GET", "/resources/{resource_id}/keys", SEE),
    Route("POST", "/keys/{key_id}/handovers", PLAN, body=handover, consumes=True),
    Route("GET", "/keys/{key_id}/handovers", PLAN),
    Route("POST", "/keys/{key_id}/return", PLAN, body=lambda _: {"returned_on": "2026-12-01"}, consumes=True),
    Route("POST", "/keys/{key_id}/withdrawal", PLAN, body=reason, consumes=True),
    Route("POST", "/reservations", PLAN, body=reservation),
    Route("GET", "/reservations", SEE),
    Route("GET", "/reservations/{reservation_id}", SEE),
    Route("POST", "/reservations/{reservation_id}/release", PLAN, consumes=True),
    Route("POST", "/reservations/{reservation_id}/approval", PLAN),
    Route("POST", "/reservations/{reservation_id}/refusal", PLAN, body=reason),
    Route("POST", "/reservations/{reservation_id}/withdrawal", PLAN, body=reason, consumes=True),
    Route("POST", "/resources/{resource_id}/sudden-closures", PLAN, body=sudden_closure, consumes=True),
    Route("GET", "/evaluation/lending", roles(FEDERATION_OFFICE), query=year_2026, shows=False),
)
