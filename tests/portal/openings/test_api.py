"""Before a session: ticking, opening, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from common.clock import now
from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

SESSION_PATH = f"/sessions/{answers.SESSION}"
PATH = f"/manage/tremplin{SESSION_PATH}/opening"
MET: list[dict[str, Any]] = [{**one, "is_met": True} for one in answers.readiness()["findings"]]


def works_as(portal: Portal, neighbours: Neighbours, role: str) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": role, "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    moment = now()
    times = {"starts_at": moment.isoformat(), "ends_at": (moment + timedelta(hours=2)).isoformat()}
    neighbours.answers[f"GET {SESSION_PATH}"] = answers.session(**times)
    return portal.sign_in()


@pytest.fixture
def animator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    return works_as(portal, neighbours, "animator")


async def test_an_item_is_ticked_with_one_tap_and_taken_back(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    neighbours.answers[f"POST {SESSION_PATH}/checklist-ticks"] = answers.readiness()["items"][0]
    answer = await portal.post(f"{PATH}/ticks", animator, item=answers.BUDGET, act="tick", key="a-key-of-a-tap")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}#item-{answers.BUDGET}")
    assert neighbours.bodies("POST", "/checklist-ticks") == [{"item_id": answers.BUDGET}]
    neighbours.answers[f"DELETE {SESSION_PATH}/checklist-ticks/{answers.BUDGET}"] = lambda _: httpx.Response(204)
    assert (await portal.post(f"{PATH}/ticks", animator, item=answers.BUDGET, act="untick")).status_code == 303
    assert [one.method for one in neighbours.asked if "checklist-ticks" in one.url.path] == ["POST", "DELETE"]


@pytest.mark.parametrize(
    ("rule", "facts", "says"),
    [
        ("risk_sheet_reviewed", {"reviewed_on": None, "months": 12}, "no risk sheet"),
        ("risk_sheet_reviewed", {"reviewed_on": "2089-01-02", "months": 12}, "2 January 2089"),
        ("checklist_ticked", {"not_ticked": ["a", "b"]}, "2 required items"),
        ("supervisors_present", {"missing": 1, "qualified_missing": 2}, "lacks 2 people, 2 of whom"),
        ("first_aider", {}, "first-aid certificate must be there"),
    ],
)
@pytest.mark.usefixtures("animator")
async def test_a_rule_that_fails_says_what_to_do(
    portal: Portal, neighbours: Neighbours, rule: str, facts: dict[str, Any], says: str
) -> None:
    found = {"rule": rule, "effect": "block", "explanation": "", "facts": facts, "source": "", "is_met": False}
    neighbours.answers[f"GET {SESSION_PATH}/opening"] = answers.readiness(findings=[found])
    assert says in (await portal.get(PATH)).text


async def test_what_blocks_is_said_and_only_a_director_passes_it(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    text = (await portal.get(PATH)).text
    assert "One required item is not ticked. Do it, then tick it." in text
    assert "Only a director may open it all the same" in text
    assert "Open the session" not in text
    director = works_as(portal, neighbours, "director")
    assert "Open with this reason" in (await portal.get(PATH)).text
    refused = await portal.post(PATH, director, act="override", reason="why", key="a-key-of-a-form")
    assert (refused.status_code, "Say why in a sentence" in refused.text) == (422, True)
    neighbours.answers[f"POST {SESSION_PATH}/opening"] = answers.readiness()
    reason = "The inspector is here and agrees"
    assert (await portal.post(PATH, director, act="override", reason=reason, key="a-key-of-a-form")).status_code == 303
    assert neighbours.bodies("POST", "/opening") == [{"has_first_aider": False, "override_reason": reason}]


async def test_an_animator_opens_the_session_when_nothing_blocks(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    aid = {**MET[0], "rule": "first_aider", "is_met": False}
    neighbours.answers[f"GET {SESSION_PATH}/opening"] = answers.readiness(findings=[*MET, aid])
    assert "Somebody with a first-aid certificate is there" in (await portal.get(PATH)).text
    neighbours.answers[f"POST {SESSION_PATH}/opening"] = answers.readiness()
    assert (await portal.post(PATH, animator, act="open", first_aider="on", key="a-key-of-a-form")).status_code == 303
    assert neighbours.bodies("POST", "/opening") == [{"has_first_aider": True, "override_reason": None}]
    opening = {"opened_at": now().isoformat(), "has_first_aider": True, "override_reason": None}
    neighbours.answers[f"GET {SESSION_PATH}/opening"] = answers.readiness(findings=MET, opening=opening)
    text = (await portal.get(PATH)).text
    assert "Open since" in text
    assert "<form method" not in text.partition('id="checklist"')[2].partition("</ul>")[0], "ticks stay as they were"


async def test_a_rule_that_fails_meanwhile_is_told(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    problem = {"type": "/problems/safety-rule-fails", "title": "A rule", "status": 409}
    neighbours.answers[f"POST {SESSION_PATH}/opening"] = lambda _: httpx.Response(409, json=problem)
    answer = await portal.post(PATH, animator, act="open", key="a-key-of-a-form")
    assert (answer.status_code, "A safety rule stands in the way" in answer.text) == (409, True)


async def test_who_does_not_run_sessions_is_refused(portal: Portal, neighbours: Neighbours) -> None:
    volunteer = works_as(portal, neighbours, "volunteer")
    assert (await portal.get(PATH)).status_code == 403
    assert (await portal.post(PATH, volunteer, act="open")).status_code == 403
