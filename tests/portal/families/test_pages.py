"""The team enters a family, finds it, corrects it and writes down what it signed."""

from __future__ import annotations

import httpx
import pytest

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

MANAGE = "/manage/tremplin"
PATHS = [f"{MANAGE}/families/{answers.HOUSEHOLD}", f"{MANAGE}/participants/{answers.YANIS}"]
CONTACT = f"{MANAGE}/contacts/{answers.BOOKING}"


@pytest.fixture
def animator(neighbours: Neighbours) -> None:
    """The reader runs sessions of the youth house."""
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)


@pytest.mark.usefixtures("animator")
async def test_families_and_people_without_one_are_found(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    alone = {**answers.participant(), "household_id": None, "given_name": "Odette"}
    neighbours.answers["GET /participants"] = answers.page(alone, answers.participant(answers.LINA, "Lina"))
    page = (await portal.get(f"{MANAGE}/families?name=had")).text
    for path in PATHS:
        assert f'href="{path}"' in page
    assert "Odette" in page
    assert "Lina" not in page


@pytest.mark.usefixtures("animator")
@pytest.mark.parametrize("path", PATHS)
async def test_the_team_writes_down_what_was_signed(portal: Portal, neighbours: Neighbours, path: str) -> None:
    session = portal.sign_in()
    assert (await portal.get(path)).status_code == 200
    fields = {f"photo.2.{answers.YANIS}": "yes", "key": answers.SESSION}
    done = await portal.post(f"{path}/consents", session, **fields)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?saved")
    (sent,) = neighbours.bodies("POST", "/consents")
    assert (sent["participant_id"], sent["is_given"]) == (answers.YANIS, True)


@pytest.mark.usefixtures("animator")
@pytest.mark.parametrize("path", PATHS)
async def test_a_family_of_another_association_is_not_found(portal: Portal, neighbours: Neighbours, path: str) -> None:
    portal.sign_in()
    for record in (f"GET /households/{answers.HOUSEHOLD}", f"GET /participants/{answers.YANIS}"):
        found = neighbours.answers[record]
        assert isinstance(found, dict)
        neighbours.answers[record] = {**found, "organisation_id": answers.HOME}
    assert (await portal.get(path)).status_code == 404


@pytest.mark.parametrize("path", PATHS)
async def test_who_runs_no_sessions_sees_no_family(portal: Portal, path: str) -> None:
    portal.sign_in()
    assert (await portal.get(path)).status_code == 403


NEW = f"{MANAGE}/new-family"
ENTERED = {
    "name": "Sow", "display_name": "Awa Sow", "email": "", "phone": "+32 470 55 10 02", "language": "fr",
    "channel": "phone", "given_name-1": "Moussa", "family_name-1": "", "born_on-1": "2016-05-01",
    "given_name-2": "Fatou", "family_name-2": "Diop", "born_on-2": "", "key": answers.SESSION,
}  # fmt: skip


@pytest.mark.usefixtures("animator")
async def test_a_family_that_calls_is_entered_in_one_form(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    asked = (await portal.get(f"{NEW}?name=Sow&session={answers.SESSION}")).text
    assert 'value="Sow"' in asked
    done = await portal.post(NEW, session, **ENTERED, for_session=answers.SESSION)
    there = f"{PATHS[0]}?saved&session={answers.SESSION}"
    assert (done.status_code, done.headers["location"]) == (303, there)
    assert neighbours.bodies("POST", "/households") == [{"organisation_id": answers.HOUSE, "name": "Sow"}]
    (contact,) = neighbours.bodies("POST", "/contacts")
    assert (contact["display_name"], contact["email"], contact["prefers_phone"]) == ("Awa Sow", None, True)
    first, second = neighbours.bodies("POST", "/participants")
    assert (first["given_name"], first["family_name"], first["born_on"]) == ("Moussa", "Sow", "2016-05-01")
    assert (second["family_name"], second["household_id"]) == ("Diop", answers.HOUSEHOLD)
    page = (await portal.get(there)).text
    assert f"/o/tremplin/sessions/{answers.SESSION}/booking?for={answers.HOUSEHOLD}" in page


@pytest.mark.usefixtures("animator")
async def test_a_form_sent_again_doubles_nothing_and_a_mended_one_goes_on(
    portal: Portal, neighbours: Neighbours
) -> None:
    session = portal.sign_in()
    for fields in (ENTERED, ENTERED, {**ENTERED, "display_name": "Awa Sow-Diop"}):
        assert (await portal.post(NEW, session, **fields)).status_code == 303
    posted = [one for one in neighbours.asked if one.method == "POST"]
    keys = [one.headers["Idempotency-Key"] for one in posted]
    assert keys[:4] == keys[4:8], "the same form is the same four steps"
    assert len(set(keys[:4])) == 4
    assert [one == other for one, other in zip(keys[:4], keys[8:], strict=True)] == [True, False, True, True]


@pytest.mark.usefixtures("animator")
async def test_a_refused_form_keeps_its_key_and_what_was_entered(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    refusal = httpx.Response(422, json={"type": "/problems/born-in-the-future", "title": "?", "status": 422})
    neighbours.answers["POST /participants"] = lambda _: refusal
    page = await portal.post(NEW, session, **ENTERED)
    assert page.status_code == 422
    assert f'name="key" value="{answers.SESSION}"' in page.text
    assert 'value="Moussa"' in page.text


@pytest.mark.usefixtures("animator")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"phone": "", "channel": "email"}, "phone"),
        ({"email": "awa@nowhere"}, "email"),
        ({"given_name-1": ""}, "given_name-1"),
        ({"given_name-2": "", "family_name-2": "Diop"}, "given_name-2"),
        ({"born_on-1": "2999-01-01"}, "born_on-1"),
        ({"born_on-2": "1850-01-01"}, "born_on-2"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(
    portal: Portal, neighbours: Neighbours, changes: dict[str, str], field: str
) -> None:
    session = portal.sign_in()
    page = await portal.post(NEW, session, **{**ENTERED, **changes})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert neighbours.bodies("POST", "/households") == []


@pytest.mark.usefixtures("animator")
async def test_the_team_corrects_a_name_a_contact_and_a_member(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    renamed = await portal.post(PATHS[0], session, name="Haddad-Sow", version="1")
    assert (renamed.status_code, renamed.headers["location"]) == (303, f"{PATHS[0]}?saved")
    assert neighbours.bodies("PATCH", answers.HOUSEHOLD) == [{"name": "Haddad-Sow"}]
    assert (await portal.post(PATHS[0], session, name=" ", version="1")).status_code == 422
    reached = {"display_name": "Amina", "email": "", "phone": "+32 4", "language": "nl", "channel": "phone"}
    assert (await portal.post(CONTACT, session, **reached, version="1")).headers["location"] == f"{PATHS[0]}?saved"
    assert neighbours.asked[-1].headers["If-Match"] == '"1"'
    assert (await portal.post(CONTACT, session, **{**reached, "phone": ""}, version="1")).status_code == 422
    named = {"given_name": "Yanis", "family_name": "Haddad", "born_on": "2016-03-01"}
    assert (await portal.post(f"{PATHS[1]}/record", session, **named, version="1")).status_code == 303
    assert neighbours.bodies("PATCH", answers.YANIS) == [named]
    added = await portal.post(f"{PATHS[0]}/new-member", session, **{**named, "born_on": ""}, key=answers.SESSION)
    assert (added.status_code, len(neighbours.bodies("POST", "/participants"))) == (303, 1)
    await portal.post(f"{PATHS[0]}/new-contact", session, **reached, key=answers.SESSION)
    assert neighbours.bodies("POST", "/contacts")[0]["phone"] == "+32 4"


@pytest.mark.usefixtures("animator")
async def test_a_change_by_somebody_else_is_told(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    refusal = httpx.Response(412, json={"type": "/problems/changed-meanwhile", "title": "?", "status": 412})
    neighbours.answers[f"PATCH /households/{answers.HOUSEHOLD}"] = lambda _: refusal
    page = await portal.post(PATHS[0], session, name="Sow", version="1")
    assert page.status_code == 412
    assert 'value="Sow"' in page.text, "what was entered is kept"


@pytest.mark.usefixtures("animator")
async def test_access_is_given_by_a_code_and_taken_away(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers[f"GET /households/{answers.HOUSEHOLD}/contacts"] = [answers.contact(linked=False)]
    page = (await portal.get(PATHS[0])).text
    assert f'action="{CONTACT}/link-code"' in page
    sent = await portal.post(f"{CONTACT}/link-code", session)
    assert sent.headers["location"] == f"{PATHS[0]}?saved=sent"
    shown = await portal.post(f"{CONTACT}/paper-code", session)
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert answers.paper_code()["code"] in shown.text
    assert answers.paper_code()["code"] not in (await portal.get(PATHS[0])).text
    taken = await portal.post(f"{CONTACT}/unlinking", session)
    assert taken.headers["location"] == f"{PATHS[0]}?saved=unlinked"
    assert [one.url.path for one in neighbours.asked if one.method == "DELETE"] == [
        f"/api/activities/v1/contacts/{answers.BOOKING}/account"
    ]


@pytest.mark.usefixtures("animator")
async def test_nothing_is_written_for_a_family_of_another_association(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers[f"GET /households/{answers.HOUSEHOLD}"] = answers.household(organisation_id=answers.HOME)
    for path in (PATHS[0], CONTACT, f"{CONTACT}/paper-code", f"{CONTACT}/unlinking", f"{PATHS[0]}/new-member"):
        assert (await portal.post(path, session, name="Sow", version="1")).status_code == 404
    assert [one.method for one in neighbours.asked if one.method != "GET"] == []


async def test_who_runs_no_sessions_enters_nobody(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    for path in (NEW, CONTACT, f"{CONTACT}/paper-code"):
        assert (await portal.post(path, session, **ENTERED)).status_code == 403
    assert neighbours.bodies("POST", "/households") == []
