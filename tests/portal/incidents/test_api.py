"""The log of a session: written by those who run it, followed up on the page of the day."""

from __future__ import annotations

import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/sessions/{answers.SESSION}/incidents"
FORM = {
    "on": "2090-11-22", "at": "14:30", "place": "Gymnase", "what_happened": "Chute", "severity": "minor",
    f"who-{answers.YANIS}": "on", "first_aid": "", "told": "", "task": "", "due_on": "", "key": "a-key-of-a-form",
}  # fmt: skip


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = [answers.entry()]
    logged = {"id": answers.BOOKING, "session_id": answers.SESSION}
    neighbours.answers[f"POST /sessions/{answers.SESSION}/incidents"] = logged
    neighbours.answers[f"POST /incidents/{answers.BOOKING}/follow-ups"] = answers.follow_up()
    return portal.sign_in()


@pytest.fixture
def animator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    return works_as(portal, neighbours, "animator")


async def test_an_incident_is_written_down_on_the_clock_of_the_site(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    answer = await portal.post(PATH, animator, **FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    (sent,) = neighbours.bodies("POST", "/incidents")
    assert (sent["happened_at"], sent["participant_ids"]) == ("2090-11-22T14:30:00+01:00", [answers.YANIS])
    assert neighbours.bodies("POST", "/follow-ups") == []


async def test_what_is_to_do_is_written_down_with_it(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    wish = {"task": "Vérifier la poutre", "due_on": "2090-11-25"}
    assert (await portal.post(PATH, animator, **{**FORM, **wish})).status_code == 303
    assert neighbours.bodies("POST", "/follow-ups") == [wish]
    missing = await portal.post(PATH, animator, **{**FORM, "task": "Vérifier"})
    assert (missing.status_code, "Enter a day." in missing.text) == (422, True)
    assert len(neighbours.bodies("POST", "/incidents")) == 1, "nothing is half written"


async def test_a_follow_up_is_done_on_the_version_that_was_seen(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    text = (await portal.get(PATH)).text
    assert "Chute de la poutre" in text
    assert "one person who is not named any more" in text
    neighbours.answers[f"PATCH /follow-ups/{answers.BUDGET}"] = answers.follow_up(version=2)
    done = await portal.post(f"{PATH}/follow-ups/{answers.BUDGET}", animator, act="done", version="1")
    assert done.status_code == 303
    (asked,) = (one for one in neighbours.asked if one.method == "PATCH")
    assert asked.headers["if-match"] == '"1"'


async def test_the_page_of_the_day_shows_what_is_to_do(portal: Portal, animator: BrowserSession) -> None:
    text = (await portal.get("/manage/tremplin")).text
    assert animator.display_name == "Amina Haddad"
    assert "One thing is to do after an incident" in text
    assert "Vérifier la poutre" in text


async def test_who_does_not_run_sessions_is_refused(portal: Portal, neighbours: Neighbours) -> None:
    volunteer = works_as(portal, neighbours, "volunteer")
    assert (await portal.get(PATH)).status_code == 403
    assert (await portal.post(PATH, volunteer, **FORM)).status_code == 403
