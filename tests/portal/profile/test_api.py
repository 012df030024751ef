"""The profile of an association and its sites, for those who lead it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PROFILE, SITES = "/manage/tremplin/profile", "/manage/tremplin/sites"
SITE = f"{SITES}/{answers.HALL}"
FORM = {
    "name": "Le Tremplin", "language": "fr", "also-nl": "on", "address": "Rue des Écoles 2", "accessibility": "",
    "latitude": "50,4674", "longitude": "4.8718", "jurisdiction": "BE-FWB", "time_zone": "Europe/Brussels",
}  # fmt: skip
OWN = {"version": "3", "colour": "#C2410C", "iban": "BE89 0068 2003 0085", "enterprise_number": ""}
SAID = {
    "name": "Le Tremplin", "languages": ["fr", "nl"], "address": "Rue des Écoles 2", "accessibility": "",
    "latitude": 50.4674, "longitude": 4.8718, "jurisdiction": "BE-FWB", "time_zone": "Europe/Brussels",
}  # fmt: skip


def reader(neighbours: Neighbours, role: str, organisation_id: str) -> None:
    membership = {"organisation_id": organisation_id, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)


@pytest.fixture
def director(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    reader(neighbours, "director", answers.HOUSE)
    return portal.sign_in()


def refuse(status: int, slug: str) -> Any:
    problem = {"type": f"/problems/{slug}", "title": "No", "status": status}
    return lambda _request: httpx.Response(status, json=problem)


async def test_a_profile_is_changed_on_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    assert 'value="BE89006820030085"' in (await portal.get(PROFILE)).text
    path = f"PATCH /organisations/{answers.HOUSE}"
    neighbours.answers[path] = answers.details(answers.DIRECTORY[1], version=4)
    answer = await portal.post(PROFILE, director, **FORM, **OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PROFILE}?saved")
    (sent,) = neighbours.bodies("PATCH", answers.HOUSE)
    assert sent == {**SAID, "colour": "#c2410c", "iban": "BE89 0068 2003 0085", "enterprise_number": ""}
    (request,) = (one for one in neighbours.asked if one.method == "PATCH")
    assert request.headers["if-match"] == '"3"'
    assert "It is saved." in (await portal.get(f"{PROFILE}?saved")).text


async def test_a_new_name_is_seen_at_once(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    assert "Le Tremplin" in (await portal.get("/o/tremplin")).text
    renamed = {**answers.DIRECTORY[1], "name": "Le Grand Tremplin"}
    neighbours.answers[f"PATCH /organisations/{answers.HOUSE}"] = answers.details(renamed)
    await portal.post(PROFILE, director, **FORM, **OWN)
    neighbours.answers["GET /organisations"] = answers.page(answers.DIRECTORY[0], renamed)
    assert "Le Grand Tremplin" in (await portal.get("/o/tremplin")).text


async def test_the_last_directory_stands_in_after_a_change(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers[f"PATCH /organisations/{answers.HOUSE}"] = answers.details(answers.DIRECTORY[1])
    await portal.post(PROFILE, director, **FORM, **OWN)
    neighbours.away.add("partners")
    assert "Le Tremplin" in (await portal.get("/o/tremplin")).text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": ""}, "Fill this in."),
        ({"language": "es"}, "Choose one."),
        ({"colour": "red"}, "Choose one."),
        ({"latitude": "north"}, "Enter degrees from -90 to 90"),
        ({"longitude": "181"}, "Enter degrees from -180 to 180"),
        ({"longitude": "NaN"}, "Enter degrees from -180 to 180"),
        ({"longitude": ""}, "Give both the latitude and the longitude, or neither."),
    ],
)
async def test_what_makes_no_sense_is_told_beside_its_field(
    portal: Portal, neighbours: Neighbours, director: BrowserSession, changes: dict[str, str], text: str
) -> None:
    answer = await portal.post(PROFILE, director, **{**FORM, **OWN, **changes})
    assert (answer.status_code, text in answer.text) == (422, True)
    assert neighbours.bodies("PATCH", answers.HOUSE) == []


@pytest.mark.parametrize(
    ("slug", "field", "text"),
    [
        ("invalid-iban", "iban", "This is not the number of a bank account."),
        ("invalid-enterprise-number", "enterprise_number", "This is not an enterprise number"),
        ("unknown-time-zone", "time_zone", "There is no such time zone."),
    ],
)
async def test_what_the_service_refuses_stands_beside_its_field(
    portal: Portal, neighbours: Neighbours, director: BrowserSession, slug: str, field: str, text: str
) -> None:
    neighbours.answers[f"PATCH /organisations/{answers.HOUSE}"] = refuse(422, slug)
    answer = await portal.post(PROFILE, director, **FORM, **OWN)
    assert answer.status_code == 422
    assert text in answer.text.partition(f'id="{field}-about"')[2]


async def test_a_change_of_somebody_else_is_told(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers[f"PATCH /organisations/{answers.HOUSE}"] = refuse(412, "changed-meanwhile")
    answer = await portal.post(PROFILE, director, **FORM, **OWN)
    assert (answer.status_code, "Somebody else changed this meanwhile" in answer.text) == (412, True)


async def test_sites_are_listed_and_another_one_is_opened_once(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    assert "Grande salle" in (await portal.get(SITES)).text
    fresh = (await portal.get("/manage/tremplin/new-site")).text
    assert 'value="BE-FWB" selected' in fresh
    assert "Rue des Écoles 2" not in fresh
    neighbours.answers["POST /organisations"] = answers.details(answers.DIRECTORY[3])
    form = {**FORM, "name": "Petite salle", "key": "a-key-of-a-form"}
    assert (await portal.post(SITES, director, **form)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/organisations")
    place = {"kind": "site", "parent_id": answers.HOUSE, "slug": "tremplin-petite-salle"}
    assert sent == {**SAID, "name": "Petite salle", **place}


async def test_a_name_that_is_taken_is_told_beside_it(
    portal: Portal, neighbours: Neighbours, director: BrowserSession
) -> None:
    neighbours.answers["POST /organisations"] = refuse(409, "slug-taken")
    answer = await portal.post(SITES, director, **FORM, key="a-key-of-a-form")
    assert answer.status_code == 422
    assert "It is taken, perhaps by one that has ended." in answer.text.partition('id="name-about"')[2]


async def test_a_site_is_changed_and_ended(portal: Portal, neighbours: Neighbours, director: BrowserSession) -> None:
    assert "Rue des Écoles 4" in (await portal.get(SITE)).text
    neighbours.answers[f"PATCH /organisations/{answers.HALL}"] = answers.details(answers.DIRECTORY[3])
    assert (await portal.post(SITE, director, **FORM, version="1")).status_code == 303
    assert neighbours.bodies("PATCH", answers.HALL) == [SAID]
    ended = {**answers.DIRECTORY[3], "ended_at": "2090-01-01T10:00:00Z"}
    neighbours.answers[f"POST /organisations/{answers.HALL}/end"] = answers.details(ended)
    neighbours.answers["GET /organisations"] = answers.page(*answers.DIRECTORY[:3], ended)
    assert (await portal.post(f"{SITE}/end", director)).status_code == 303
    assert "Ended" in (await portal.get(SITES)).text
    text = (await portal.get(SITE)).text
    assert "This site has ended." in text
    assert "<form class" not in text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("path", [f"{SITES}/{answers.HOME}", f"{SITES}/{answers.SESSION}"])
async def test_only_own_sites_are_shown(portal: Portal, director: BrowserSession, path: str) -> None:
    assert (await portal.get(path)).status_code == 404
    assert (await portal.post(path, director, **FORM, version="1")).status_code == 404
    assert (await portal.post(f"{path}/end", director)).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "treasurer", "animator", "volunteer"])
async def test_others_change_nothing(portal: Portal, neighbours: Neighbours, role: str) -> None:
    reader(neighbours, role, answers.HOUSE)
    session = portal.sign_in()
    for path in (PROFILE, SITES, SITE, "/manage/tremplin/new-site"):
        assert (await portal.get(path)).status_code == 403
    for path in (PROFILE, SITES, SITE, f"{SITE}/end"):
        assert (await portal.post(path, session, **FORM, **OWN)).status_code == 403


async def test_the_office_of_its_federation_may_help(portal: Portal, neighbours: Neighbours) -> None:
    reader(neighbours, "federation_admin", answers.FEDERATION)
    portal.sign_in()
    for path in (PROFILE, SITES, "/manage/tremplin/members"):
        text = (await portal.get(path)).text
        assert 'href="/federation"' in text.partition("<main")[2]
    reader(neighbours, "federation_admin", answers.HOME)
    portal.sign_in()
    assert (await portal.get(PROFILE)).status_code == 403
