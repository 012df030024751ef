"""Founding associations and partners, inviting who leads them, and joining a federation from both sides."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

FORM, MEMBERS, JOININGS = "/federation/new-member", "/federation/members", "/federation/joinings"
OTHER = answers.organisation(answers.PROGRAMME, "federation", "other", "Autre fédération")
STRANGER = answers.organisation(answers.ACTIVITY, "association", "phare", "Le Phare", federation_ids=[OTHER["id"]])
NEW = {
    "kind": "association", "name": "Le Café d'Été", "slug": "", "language": "fr", "also-nl": "on",
    "jurisdiction": "BE-FWB", "time_zone": "Europe/Brussels", "leader_name": "", "leader_email": "",
    "leader_language": "fr", "key": "a-key-of-a-form",
}  # fmt: skip
LED = {"leader_name": "Lea", "leader_email": "lea@example.org", "leader_language": "nl"}
FOUNDED = answers.details(answers.organisation(answers.SHIFT, "association", "le-cafe-d-ete", "Le Café d'Été"))


def reader(neighbours: Neighbours, role: str, organisation_id: str) -> None:
    membership = {"organisation_id": organisation_id, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)


def refuse(status: int, slug: str) -> Any:
    problem = {"type": f"/problems/{slug}", "title": "No", "status": status}
    return lambda _request: httpx.Response(status, json=problem)


@pytest.fixture
def office(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    reader(neighbours, "federation_admin", answers.FEDERATION)
    neighbours.answers["GET /organisations"] = answers.page(*answers.DIRECTORY, OTHER, STRANGER)
    neighbours.answers["GET /evaluation/associations"] = lambda _request: httpx.Response(200, json=[])
    neighbours.answers["GET /evaluation/lending"] = []
    neighbours.answers["POST /organisations"] = FOUNDED
    return portal.sign_in()


async def test_an_association_is_founded_and_its_leader_invited(
    portal: Portal, neighbours: Neighbours, office: BrowserSession
) -> None:
    assert (await portal.get(FORM)).status_code == 200
    neighbours.answers["POST /memberships"] = {"id": answers.BOOKING}
    answer = await portal.post(MEMBERS, office, **{**NEW, **LED})
    assert (answer.status_code, answer.headers["location"]) == (303, "/manage/le-cafe-d-ete/members")
    assert neighbours.bodies("POST", "/organisations") == [
        {
            "kind": "association", "name": "Le Café d'Été", "slug": "le-cafe-d-ete", "languages": ["fr", "nl"],
            "jurisdiction": "BE-FWB", "time_zone": "Europe/Brussels", "federation_ids": [answers.FEDERATION],
        }
    ]  # fmt: skip
    assert neighbours.bodies("POST", "/memberships") == [
        {
            "organisation_id": FOUNDED["id"], "role": "director", "display_name": "Lea", "email": "lea@example.org",
            "language": "nl",
        }
    ]  # fmt: skip
    keys = [one.headers["idempotency-key"] for one in neighbours.asked if one.method == "POST"]
    assert keys == ["a-key-of-a-form", "a-key-of-a-form-leader"]


async def test_a_partner_can_be_founded_before_anybody_leads_it(
    portal: Portal, neighbours: Neighbours, office: BrowserSession
) -> None:
    answer = await portal.post(MEMBERS, office, **{**NEW, "kind": "outside_partner", "slug": "ville-de-x"})
    assert answer.headers["location"] == "/manage/ville-de-x/members"
    (sent,) = neighbours.bodies("POST", "/organisations")
    assert (sent["kind"], sent["slug"]) == ("outside_partner", "ville-de-x")
    assert neighbours.bodies("POST", "/memberships") == []


async def test_a_refused_invitation_is_sent_again_with_the_same_keys(
    portal: Portal, neighbours: Neighbours, office: BrowserSession
) -> None:
    neighbours.answers["POST /memberships"] = refuse(409, "already-invited")
    answer = await portal.post(MEMBERS, office, **{**NEW, **LED})
    assert answer.status_code == 409
    assert 'name="key" value="a-key-of-a-form"' in answer.text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": ""}, "Fill this in."),
        ({"kind": "federation"}, "Choose one."),
        ({"slug": "two words"}, "Only letters from a to z"),
        ({"slug": "x"}, "Only letters from a to z"),
        ({"leader_name": "Lea"}, "Enter an e-mail address."),
        ({"leader_name": "Lea", "leader_email": "lea@example"}, "Enter an e-mail address."),
        ({"leader_email": "lea@example.org"}, "Fill this in."),
    ],
)
async def test_what_makes_no_sense_founds_nothing(
    portal: Portal, neighbours: Neighbours, office: BrowserSession, changes: dict[str, str], text: str
) -> None:
    answer = await portal.post(MEMBERS, office, **{**NEW, **changes})
    assert (answer.status_code, text in answer.text) == (422, True)
    assert neighbours.bodies("POST", "/organisations") == []


async def test_a_short_name_that_is_taken_is_told_beside_it(
    portal: Portal, neighbours: Neighbours, office: BrowserSession
) -> None:
    neighbours.answers["POST /organisations"] = refuse(409, "slug-taken")
    answer = await portal.post(MEMBERS, office, **NEW)
    assert answer.status_code == 422
    assert "It is taken" in answer.text.partition('id="slug-about"')[2]


async def test_the_office_sees_who_belongs_to_the_federation(portal: Portal, office: BrowserSession) -> None:
    text = (await portal.get("/federation")).text.partition("Who belongs to the federation")[2]
    assert "/manage/tremplin/members" in text
    assert "/manage/federation/members" in text
    assert "/manage/phare/members" not in text


@pytest.mark.parametrize(
    ("waits_for", "address", "said"),
    [
        ("organisation", f"/federation?asked={STRANGER['id']}", "Le Phare joins when its director agrees too."),
        (None, f"/federation?joined={STRANGER['id']}", "Le Phare belongs to the federation now."),
    ],
)
async def test_the_office_agrees_to_a_joining(
    portal: Portal, neighbours: Neighbours, office: BrowserSession, waits_for: str | None, address: str, said: str
) -> None:
    text = (await portal.get(FORM)).text
    assert f'<option value="{STRANGER["id"]}">Le Phare' in text
    assert f'<option value="{answers.HOUSE}">' not in text
    neighbours.answers[f"POST /organisations/{STRANGER['id']}/join"] = {"waits_for": waits_for, "organisation": {}}
    answer = await portal.post(JOININGS, office, organisation=STRANGER["id"])
    assert answer.headers["location"] == address
    assert neighbours.bodies("POST", "/join") == [{"federation_id": answers.FEDERATION}]
    assert said in (await portal.get(address)).text


async def test_a_joining_that_cannot_be_is_told(portal: Portal, neighbours: Neighbours, office: BrowserSession) -> None:
    neighbours.answers[f"POST /organisations/{STRANGER['id']}/join"] = refuse(422, "misplaced-organisation")
    answer = await portal.post(JOININGS, office, organisation=STRANGER["id"])
    assert (answer.status_code, "It cannot belong there" in answer.text) == (422, True)
    assert (await portal.post(JOININGS, office, organisation="x")).headers["location"] == FORM


@pytest.mark.parametrize(
    ("waits_for", "address", "said"),
    [
        ("federation", "/manage/tremplin/profile?asked", "It joins when the office of the federation agrees too."),
        (None, "/manage/tremplin/profile?joined", "It belongs to the federation now."),
    ],
)
async def test_a_director_agrees_to_a_joining(
    portal: Portal, neighbours: Neighbours, office: BrowserSession, waits_for: str | None, address: str, said: str
) -> None:
    reader(neighbours, "director", answers.HOUSE)
    director = portal.sign_in()
    assert f'<option value="{OTHER["id"]}">Autre fédération' in (await portal.get("/manage/tremplin/profile")).text
    neighbours.answers[f"POST /organisations/{answers.HOUSE}/join"] = {"waits_for": waits_for, "organisation": {}}
    answer = await portal.post("/manage/tremplin/profile/federation", director, federation=OTHER["id"])
    assert answer.headers["location"] == address
    assert neighbours.bodies("POST", "/join") == [{"federation_id": OTHER["id"]}]
    assert said in (await portal.get(address)).text


async def test_the_office_invites_its_own_members(
    portal: Portal, neighbours: Neighbours, office: BrowserSession
) -> None:
    text = (await portal.get("/manage/federation/members")).text
    assert 'value="federation_admin"' in text
    assert 'value="director"' not in text
    assert "/o/federation" not in text
    neighbours.answers["POST /memberships"] = {"id": answers.BOOKING}
    person = {"display_name": "Lea", "email": "lea@example.org", "language": "fr", "key": "a-key-of-a-form"}
    refused = await portal.post("/manage/federation/members", office, **person, role="director")
    assert refused.status_code == 422
    invited = await portal.post("/manage/federation/members", office, **person, role="federation_admin")
    assert invited.status_code == 303
    (sent,) = neighbours.bodies("POST", "/memberships")
    assert (sent["organisation_id"], sent["role"]) == (answers.FEDERATION, "federation_admin")


@pytest.mark.parametrize("role", ["operator", "treasurer"])
async def test_others_of_the_federation_found_nothing(portal: Portal, neighbours: Neighbours, role: str) -> None:
    reader(neighbours, role, answers.FEDERATION)
    session = portal.sign_in()
    assert (await portal.get(FORM)).status_code == 403
    assert (await portal.get("/manage/federation/members")).status_code == 403
    assert (await portal.post(MEMBERS, session, **NEW)).status_code == 403
    assert (await portal.post(JOININGS, session, organisation=STRANGER["id"])).status_code == 403


async def test_the_office_leads_those_of_its_federation_only(portal: Portal, office: BrowserSession) -> None:
    assert (await portal.get("/manage/tremplin/members")).status_code == 200
    assert (await portal.get("/manage/phare/members")).status_code == 403
    assert (await portal.get("/manage/hall/members")).status_code == 404
