"""Meetings and tasks: written down by who plans, done by the team."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/meetings"
HERE = f"{PATH}/{answers.PROGRAMME}"
FORM = {
    "kind": "representation", "title": "Coordination", "place": "Maison communale", "on": "2090-11-22",
    "starts": "10:00", "ends": "12:00", "agenda": "1. Planning", "minutes": "",
    "decisions": "Ouvrir le 27\r\n\r\nFermer", "name-0": "Amélie Renard",
    "for-0": answers.HOUSE, f"partner-{answers.HOME}": "on", "key": "a-key-of-the-page",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    return works_as(portal, neighbours, "coordinator")


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_a_meeting_is_written_down_on_the_associations_clock(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /meetings"] = answers.meeting()
    answer = await portal.post(PATH, coordinator, **FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    (sent,) = neighbours.bodies("POST", "/meetings")
    assert (sent["starts_at"], sent["decisions"]) == ("2090-11-22T10:00:00+01:00", ["Ouvrir le 27", "Fermer"])
    assert sent["attendances"] == [{"name": "Amélie Renard", "for_organisation_id": answers.HOUSE}]
    assert (sent["partner_ids"], sent["organisation_id"]) == ([answers.HOME], answers.HOUSE)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"ends": "09:00"}, "It must end after it starts."), ({"name-0": ""}, "Say who goes.")],
)
async def test_what_does_not_fit_is_told_beside_its_field_and_kept(
    portal: Portal, coordinator: BrowserSession, change: dict[str, str], told: str
) -> None:
    answer = await portal.post(PATH, coordinator, **{**FORM, **change})
    assert (answer.status_code, told in answer.text) == (422, True)
    assert 'value="Maison communale"' in answer.text


async def test_minutes_replace_the_version_that_was_read(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    text = (await portal.get(f"{HERE}/edit")).text
    assert 'value="Amélie Renard"' in text
    assert f'name="partner-{answers.HOME}" checked' in text
    problem = {"type": "/problems/changed-meanwhile", "title": "Changed", "status": 412}
    neighbours.answers[f"PUT /meetings/{answers.PROGRAMME}"] = lambda _: httpx.Response(412, json=problem)
    answer = await portal.post(f"{HERE}/edit", coordinator, **FORM, version="1")
    assert (answer.status_code, "Somebody else changed this meanwhile." in answer.text) == (412, True)
    (asked,) = (one for one in neighbours.asked if one.method == "PUT")
    assert asked.headers["if-match"] == '"1"'


async def test_a_task_is_given_to_a_member(portal: Portal, neighbours: Neighbours, coordinator: BrowserSession) -> None:
    neighbours.answers["POST /tasks"] = answers.task()
    form = {"title": "Envoyer le planning", "owner": answers.YANIS, "due_on": "2090-12-01", "key": "a-key-of-a-form"}
    assert (await portal.post(f"{HERE}/tasks", coordinator, **form)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/tasks")
    assert (sent["owner_membership_id"], sent["meeting_id"]) == (answers.YANIS, answers.PROGRAMME)
    nobody = await portal.post(f"{HERE}/tasks", coordinator, **{**form, "owner": "nobody"})
    assert (nobody.status_code, "Choose one." in nobody.text) == (422, True)


async def test_the_team_does_tasks_and_writes_no_minutes(portal: Portal, neighbours: Neighbours) -> None:
    animator = works_as(portal, neighbours, "animator")
    text = (await portal.get(PATH)).text
    assert "Envoyer le planning" in text
    assert "New meeting" not in text
    neighbours.answers[f"POST /tasks/{answers.BOOKING}/done"] = answers.task(done_at="2090-11-30T10:00:00Z")
    done = await portal.post(f"/manage/tremplin/tasks/{answers.BOOKING}/done", animator, meeting=answers.PROGRAMME)
    assert (done.status_code, done.headers["location"]) == (303, HERE)
    assert (await portal.get(f"{HERE}/edit")).status_code == 403


async def test_others_are_refused(portal: Portal, neighbours: Neighbours) -> None:
    works_as(portal, neighbours, "volunteer")
    assert (await portal.get(PATH)).status_code == 403
