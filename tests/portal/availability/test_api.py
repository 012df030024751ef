"""When somebody can, days off, and who may know of it."""

from __future__ import annotations

import httpx

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

HERE = f"/availability/{answers.YANIS}"
PATH = f"/people/{answers.YANIS}"


async def test_windows_are_sent_back_as_a_whole(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers[f"PUT {PATH}/availability"] = {}
    form = {"weekday": "5", "starts": "10:00", "ends": "12:00", "kind": "unavailable"}
    assert (await portal.post(f"{HERE}/windows", session, **form)).status_code == 303
    windows = neighbours.bodies("PUT", "/availability")[0]["windows"]
    assert [one["weekday"] for one in windows] == [2, 5]
    assert neighbours.asked[-1].headers["If-Match"] == '"4"'
    assert (await portal.post(f"{HERE}/windows/0/removal", session, version="4")).status_code == 303
    assert neighbours.bodies("PUT", "/availability")[1] == {"windows": []}


async def test_a_window_needs_a_day_and_an_end_after_its_start(portal: Portal) -> None:
    session = portal.sign_in()
    answer = await portal.post(f"{HERE}/windows", session, starts="12:00", ends="10:00", kind="available")
    assert answer.status_code == 422
    assert "Choose at least one day of the week." in answer.text
    assert "It must end after it starts." in answer.text


async def test_leave_is_asked_for_and_taken_back(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    assert "Asked for" in (await portal.get("/availability")).text
    neighbours.answers[f"POST {PATH}/leaves"] = answers.leave()
    days = {"first_on": "2090-11-27", "last_on": "2090-11-28"}
    assert (await portal.post(f"{HERE}/leave", session, key="a-key-of-the-page", **days)).status_code == 303
    assert neighbours.bodies("POST", "/leaves") == [{"starts_on": "2090-11-27", "ends_on": "2090-11-28"}]
    neighbours.answers[f"PATCH /leaves/{answers.BUDGET}"] = answers.leave(state="withdrawn")
    assert (await portal.post(f"{HERE}/leave/{answers.BUDGET}/withdrawal", session)).status_code == 303
    assert neighbours.bodies("PATCH", answers.BUDGET) == [{"state": "withdrawn"}]


async def test_what_others_know_is_opened_and_closed(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    consent = {"person_id": answers.YANIS, "version": 1, "consented_at": "2090-11-01T10:00:00Z", "is_on_paper": False,
               "withdrawn_at": None}  # fmt: skip
    neighbours.answers[f"POST {PATH}/passport"] = consent
    assert (await portal.post(f"{HERE}/passport", session, answer="yes", key="a-key")).status_code == 303
    neighbours.answers[f"GET {PATH}/passport"] = consent
    assert "Since 2090-11-01" in (await portal.get("/availability")).text
    neighbours.answers[f"DELETE {PATH}/passport"] = consent
    assert (await portal.post(f"{HERE}/passport", session, answer="no")).status_code == 303
    assert neighbours.asked[-1].method == "DELETE"


async def test_the_record_of_somebody_else_is_not_touched(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    form = {"weekday": "5", "starts": "10:00", "ends": "12:00", "kind": "available"}
    assert (await portal.post(f"/availability/{answers.LINA}/windows", session, **form)).status_code == 404


async def test_who_has_no_record_enters_the_code(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers["GET /people/mine"] = []
    for path in ("/shifts", "/hours", "/availability"):
        assert "Link this account to your record" in (await portal.get(path)).text
    neighbours.answers["POST /people/link"] = answers.person()
    assert (await portal.post("/shifts/link", session, code="abc-def")).status_code == 303
    assert neighbours.bodies("POST", "/people/link") == [{"code": "abc-def"}]


async def test_own_shifts_go_into_another_calendar(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers["GET /assignments/mine"] = [answers.assignment()]  # type: ignore[assignment]
    answer = await portal.get("/shifts.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert f"UID:{answers.SHIFT}@maillage" in answer.text
    assert "DTSTART:20901122T130000Z" in answer.text


OF_NOAH = f"/manage/tremplin/people/{answers.YANIS}/availability"


def plan_here(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    return portal.sign_in()


async def test_coordinators_keep_the_week_of_who_has_no_account(portal: Portal, neighbours: Neighbours) -> None:
    session = plan_here(portal, neighbours)
    assert f'action="{OF_NOAH}/windows"' in (await portal.get(OF_NOAH)).text
    form = {"weekday": "5", "starts": "10:00", "ends": "12:00", "kind": "preferred"}
    problem = {"type": "/problems/changed-meanwhile", "title": "Changed", "status": 412}
    neighbours.answers[f"PUT {PATH}/availability"] = lambda _: httpx.Response(412, json=problem)
    refused = await portal.post(f"{OF_NOAH}/windows", session, **form)
    assert (refused.status_code, "Somebody else changed this meanwhile." in refused.text) == (412, True)
    neighbours.answers[f"PUT {PATH}/availability"] = {}
    assert (await portal.post(f"{OF_NOAH}/windows", session, **form)).headers["location"] == OF_NOAH
    assert [one["weekday"] for one in neighbours.bodies("PUT", "/availability")[-1]["windows"]] == [2, 5]
    assert (await portal.post(f"{OF_NOAH}/windows/0/removal", session, version="4")).status_code == 303
    assert neighbours.bodies("PUT", "/availability")[-1] == {"windows": []}
    assert (await portal.post(f"{OF_NOAH}/windows", session, **{**form, "weekday": ""})).status_code == 422


async def test_who_has_an_account_says_so_himself(portal: Portal, neighbours: Neighbours) -> None:
    session = plan_here(portal, neighbours)
    neighbours.answers[f"GET {PATH}"] = answers.person(has_account=True)
    text = (await portal.get(OF_NOAH)).text
    assert "Who has an account says so themselves." in text
    assert "/windows" not in text
    form = {"weekday": "5", "starts": "10:00", "ends": "12:00", "kind": "preferred"}
    assert (await portal.post(f"{OF_NOAH}/windows", session, **form)).status_code == 403


async def test_a_week_is_kept_by_planners_of_the_association(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    assert (await portal.post(f"{OF_NOAH}/windows/0/removal", session, version="4")).status_code == 403
    plan_here(portal, neighbours)
    neighbours.answers[f"GET {PATH}"] = answers.person(organisation_id=answers.HOME)
    assert (await portal.get(OF_NOAH)).status_code == 404
