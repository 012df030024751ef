"""New sessions: every date is shown first, and what was ticked is planned once."""

from __future__ import annotations

from typing import Any

import pytest

from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = "/manage/tremplin/plan"
FORM = {
    "activity": answers.ACTIVITY, "site": answers.HALL, "title": "Atelier", "on": "2090-12-20", "starts": "14:00",
    "ends": "16:00", "repeat": "weekly", "until": "2091-01-10", "capacity": "12", "minimum": "0", "price": "12,50",
    "reduced_price": "", "supervision": "none", "age_from": "6", "age_to": "", "accessibility": "rampe, boucle",
}  # fmt: skip


def day(on: str, holiday: str | None = None) -> dict[str, Any]:
    return {"on": on, "starts_at": f"{on}T13:00:00Z", "ends_at": f"{on}T15:00:00Z", "holiday": holiday}


@pytest.fixture
def coordinator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    days = [day("2090-12-20"), day("2090-12-27", "Vacances d'hiver"), day("2091-01-03")]
    neighbours.answers["POST /sessions/series/preview"] = {"time_zone": "Europe/Brussels", "days": days}
    return portal.sign_in()


async def test_every_date_is_shown_and_holidays_are_struck_out(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    text = (await portal.post(PATH, coordinator, **FORM)).text
    assert text.count('name="kept"') == 3
    assert "<s>Wednesday 27 December 2090</s>" in text
    assert "Vacances d&#39;hiver" in text
    assert text.count(" checked") == 2
    assert neighbours.bodies("POST", "/series") == [], "nothing is saved yet"


async def test_what_was_ticked_is_planned_once(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /sessions/series"] = {"series_id": answers.BOOKING, "sessions": [answers.session()]}
    kept = {**FORM, "key": "a-key-of-the-preview", "kept": "2090-12-20"}
    answer = await portal.post(f"{PATH}/confirmation", coordinator, **kept)
    assert answer.headers["location"].startswith("/manage/tremplin/calendar?week=2090-11-20")
    (sent,) = neighbours.bodies("POST", "/sessions/series")
    assert sent["except_on"] == ["2090-12-27", "2091-01-03"]
    assert (sent["prices"], sent["accessibility"]) == ({"standard": 1250}, ["rampe", "boucle"])
    (asked,) = (one for one in neighbours.asked if one.url.path.endswith("/sessions/series"))
    assert asked.headers["idempotency-key"] == "a-key-of-the-preview"


async def test_a_single_session_is_no_series(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers["POST /sessions"] = answers.session()
    form = {**FORM, "repeat": "once", "until": "", "key": "a-key-of-the-preview", "kept": "2090-12-20"}
    assert (await portal.post(f"{PATH}/confirmation", coordinator, **form)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/v1/sessions")
    assert sent["starts_at"] == "2090-12-20T14:00:00+01:00"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"price": "much"}, "Enter an amount such as 12.50."),
        ({"on": ""}, "Enter a day."),
        ({"until": "2090-01-01"}, "The last day lies before the first."),
        ({"site": "somewhere"}, "Choose one."),
    ],
)
async def test_what_makes_no_sense_is_told_before_anything_is_asked(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession, fault: dict[str, str], told: str
) -> None:
    answer = await portal.post(PATH, coordinator, **{**FORM, **fault})
    assert answer.status_code == 422
    assert told in answer.text
    assert neighbours.bodies("POST", "/preview") == []


async def test_nothing_is_planned_when_no_date_is_kept(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    answer = await portal.post(f"{PATH}/confirmation", coordinator, **FORM, key="a-key-of-the-preview")
    assert "Keep at least one date." in answer.text
    assert neighbours.bodies("POST", "/series") == []


NEEDS = f"/manage/tremplin/sessions/{answers.SESSION}/needs"
WISHED = {
    "thing-0": answers.HALL, "pieces-0": "1", "before-0": "30", "after-0": "", "role-0": "animator", "people-0": "2",
}  # fmt: skip
WISHES = {
    "resources": [{"resource_id": answers.HALL, "owner_organisation_id": answers.HOUSE, "quantity": 1,
                   "minutes_before": 30, "minutes_after": 0}],
    "people": [{"role": "animator", "count": 2}],
    "answer_within_seconds": 60,
}  # fmt: skip


async def test_sessions_are_planned_with_everything_they_need(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    preview = (await portal.post(PATH, coordinator, **FORM, **WISHED)).text
    assert f'name="thing-0" value="{answers.HALL}"' in preview, "what is asked for goes along to the confirmation"
    neighbours.answers["POST /sessions/series"] = {"series_id": answers.BOOKING, "sessions": [answers.session()]}
    kept = {**FORM, **WISHED, "key": "a-key-of-the-preview", "kept": "2090-12-20"}
    assert (await portal.post(f"{PATH}/confirmation", coordinator, **kept)).status_code == 303
    (sent,) = neighbours.bodies("POST", "/sessions/series")
    assert sent["wishes"] == WISHES


async def test_a_session_asks_for_something_else_and_keeps_the_names_it_asked_for(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    neighbours.answers[f"GET /sessions/{answers.SESSION}/hold"] = answers.lost_hold(minutes_before=15)
    named = answers.lost_hold()["wishes"]
    named["people"][0] |= {"qualification": "first_aid", "person_ids": [answers.LINA]}
    neighbours.answers[f"GET /sessions/{answers.SESSION}/hold"] = {**answers.lost_hold(), "wishes": named}
    page = (await portal.get(NEEDS)).text
    assert f'<option value="{answers.HALL}" selected>' in page
    neighbours.answers[f"PATCH /sessions/{answers.SESSION}"] = answers.session(version=2)
    theirs = answers.resource(id=answers.BUDGET, organisation_id=answers.HOME, name="Minibus", approval="owner")
    neighbours.answers["GET /resources"] = answers.page(answers.resource(), theirs)
    answer = await portal.post(NEEDS, coordinator, **WISHED, **{"thing-1": answers.BUDGET, "version": "1"})
    assert answer.headers["location"] == f"/manage/tremplin/sessions/{answers.SESSION}"
    (sent,) = neighbours.bodies("PATCH", answers.SESSION)
    (people,) = sent["wishes"]["people"]
    assert (people["count"], people["qualification"], people["person_ids"]) == (2, "first_aid", [answers.LINA])
    assert [one["owner_organisation_id"] for one in sent["wishes"]["resources"]] == [answers.HOUSE, answers.HOME]
    assert sent["wishes"]["answer_within_seconds"] == 3 * 24 * 60 * 60, "an owner who decides gets days"


async def test_what_cannot_be_asked_for_is_told_beside_its_field(
    portal: Portal, neighbours: Neighbours, coordinator: BrowserSession
) -> None:
    wrong = {**WISHED, "thing-0": answers.YANIS, "before-0": "-5", "people-0": "0", "version": "1"}
    answer = await portal.post(NEEDS, coordinator, **wrong)
    assert answer.status_code == 422
    assert "Choose one." in answer.text
    assert "Enter a whole number from 1 to 50." in answer.text
    assert neighbours.bodies("PATCH", answers.SESSION) == []
