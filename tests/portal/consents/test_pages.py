"""A family answers what it is asked, and the team sees it on its lists."""

from __future__ import annotations

import httpx
import pytest

from portal.consents.domain import key_of
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PHOTO, NEWS = f"photo.2.{answers.YANIS}", f"newsletter.2.{answers.HOUSEHOLD}"
SESSION = f"/manage/tremplin/sessions/{answers.SESSION}"


async def test_a_family_reads_what_it_answered_and_answers_anew(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    page = await portal.get("/household/consents?language=en")
    assert f'name="{PHOTO}" value="no" checked' in page.text
    assert "Answered on" in page.text
    assert "on paper" in page.text
    fields = {PHOTO: "yes", NEWS: "no", "key": answers.SESSION}
    done = await portal.post("/household/consents", session, **fields)
    assert (done.status_code, done.headers["location"]) == (303, "/household/consents?saved")
    photo = {"participant_id": answers.YANIS, "purpose": "photo", "wording_version": 2, "is_given": True}
    news = {"household_id": answers.HOUSEHOLD, "purpose": "newsletter", "wording_version": 2, "is_given": False}
    assert neighbours.bodies("POST", "/consents") == [photo, news]
    sent = [one.headers["Idempotency-Key"] for one in neighbours.asked if one.method == "POST"]
    assert sent == [key_of(answers.SESSION, photo), key_of(answers.SESSION, news)]


async def test_a_wording_that_changed_meanwhile_is_shown_anew(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    refusal = httpx.Response(409, json={"type": "/problems/wording-changed", "title": "?", "status": 409})
    neighbours.answers["POST /consents"] = lambda _: refusal
    page = await portal.post("/household/consents?language=en", session, **{PHOTO: "yes", "key": "?"})
    assert page.status_code == 409
    assert "worded anew" in page.text


async def test_an_account_without_a_family_is_led_to_the_code(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers["GET /households"] = answers.page()
    assert "Link this account" in (await portal.get("/household/consents?language=en")).text


@pytest.mark.parametrize("page", ["list", "attendance", "list.csv"])
async def test_the_team_sees_it_where_it_takes_attendance(portal: Portal, neighbours: Neighbours, page: str) -> None:
    portal.sign_in()
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    consents = {"consents_given": ["leaving_alone"], "consents_refused": ["photo"]}
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = [answers.entry(**consents)]
    shown = (await portal.get(f"{SESSION}/{page}?language=en")).text
    assert "No photos" in shown
    assert "not asked" not in shown
    assert "May leave alone" in shown


async def test_the_export_holds_every_answer(portal: Portal) -> None:
    portal.sign_in()
    kept = (await portal.get("/account/data.json")).json()
    assert [one["purpose"] for one in kept["consents"]] == ["photo"]
