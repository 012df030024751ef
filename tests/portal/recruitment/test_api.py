"""Whom an association looks for: everybody reads it, who has signed in applies, planners decide."""

from __future__ import annotations

import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PUBLIC = f"/o/tremplin/vacancies/{answers.PROGRAMME}"
BASE = "/manage/tremplin/recruitment"
VACANCY = f"{BASE}/{answers.PROGRAMME}"
FORM = {"display_name": "Zoé Martin", "email": "zoe@example.org", "phone": "", "message": "", "key": "a-key-of-a-form"}


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_everybody_reads_and_who_has_signed_in_applies(portal: Portal, neighbours: Neighbours) -> None:
    assert "Cirque d&#39;été" in (await portal.get("/o/tremplin/vacancies")).text
    assert "Sign in to apply" in (await portal.get(PUBLIC)).text
    neighbours.answers[f"POST /vacancies/{answers.PROGRAMME}/applications"] = answers.application()
    sent = await portal.post(PUBLIC, portal.sign_in(), **FORM)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{PUBLIC}?sent")
    (body,) = neighbours.bodies("POST", "/applications")
    assert (body["display_name"], body["phone"], body["message"]) == ("Zoé Martin", None, None)
    assert "Your application has arrived" in (await portal.get(f"{PUBLIC}?sent")).text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("email", "zoe", "Enter an e-mail address."), ("phone", "call me", "Enter a telephone number.")],
)
async def test_what_nobody_can_be_reached_by_is_refused(
    portal: Portal, neighbours: Neighbours, field: str, value: str, says: str
) -> None:
    refused = await portal.post(PUBLIC, portal.sign_in(), **{**FORM, field: value})
    assert (refused.status_code, says in refused.text) == (422, True)
    assert neighbours.bodies("POST", "/applications") == []


async def test_a_vacancy_is_closed_once_its_last_day_is_over(portal: Portal, neighbours: Neighbours) -> None:
    over = answers.vacancy(apply_until="2020-01-01")
    neighbours.answers |= {"GET /vacancies": answers.page(over), f"GET /vacancies/{answers.PROGRAMME}": over}
    assert "Nobody is looked for just now." in (await portal.get("/o/tremplin/vacancies")).text
    assert "Applications are not taken any more." in (await portal.get(PUBLIC)).text


async def test_a_vacancy_is_written_down_and_published(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    form = {
        "title": "Cirque d'été", "description": "", "footing": "volunteer", "role": "animator", "places": "2",
        "starts_on": "2090-07-01", "ends_on": "", "apply_until": "", "paper-first_aid": "on", "key": "a-key-of-a-form",
    }  # fmt: skip
    neighbours.answers["POST /vacancies"] = answers.vacancy(state="draft")
    made = await portal.post(BASE, coordinator, **form)
    assert (made.status_code, made.headers["location"]) == (303, VACANCY)
    (body,) = neighbours.bodies("POST", "/vacancies")
    assert (body["required"], body["starts_on"], body["ends_on"]) == (["first_aid"], "2090-07-01", None)
    refused = await portal.post(BASE, coordinator, **{**form, "title": ""})
    assert (refused.status_code, 'aria-invalid="true"' in refused.text) == (422, True)
    neighbours.answers[f"PATCH /vacancies/{answers.PROGRAMME}"] = answers.vacancy()
    assert (await portal.post(VACANCY, coordinator, state="published", version="2")).status_code == 303
    assert neighbours.bodies("PATCH", answers.PROGRAMME) == [{"state": "published"}]


async def test_who_applies_is_invited_on_the_clock_of_the_association(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    assert "J&#39;aime le cirque." in (await portal.get(VACANCY)).text
    neighbours.answers[f"PATCH /applications/{answers.BOOKING}"] = answers.application(state="interview")
    path = f"{VACANCY}/applications/{answers.BOOKING}"
    invited = {"state": "interview", "version": "1", "on": "2090-06-05", "at": "18:00"}
    assert (await portal.post(path, coordinator, **invited)).status_code == 303
    (body,) = neighbours.bodies("PATCH", answers.BOOKING)
    assert body == {"state": "interview", "interview_at": "2090-06-05T18:00:00+02:00"}


async def test_nobody_else_decides(portal: Portal, neighbours: Neighbours) -> None:
    membership = {"organisation_id": answers.HOUSE, "role": "volunteer", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    volunteer = portal.sign_in()
    path = f"{VACANCY}/applications/{answers.BOOKING}"
    assert (await portal.get(VACANCY)).status_code == 403
    assert (await portal.post(path, volunteer, state="accepted", version="1")).status_code == 403
