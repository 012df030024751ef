"""Who came without a booking: counted by age in one tap, or taken in by name."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from portal.attendance.domain import Band, bands_of, one_more, sheet_of
from portal.browser_sessions import BrowserSession
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

TEAM_PAGE = f"/manage/tremplin/sessions/{answers.SESSION}"
PATH = f"{TEAM_PAGE}/walk-ins"
SHEET = f"PUT /sessions/{answers.SESSION}/attendance"
SEEN = {"seen-12-17": "2", "count-12-17": "2", "seen-0-5": "0", "count-0-5": ""}
TEENAGERS = {"from_age": 12, "to_age": 17, "count": 2}


def sheet(*bands: dict[str, int], version: int = 3) -> Any:
    return answers.sheet(version=version, anonymous_counts=list(bands))


@pytest.fixture
def animator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    """Stands at the door of a session that is on."""
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    begun = answers.session(starts_at="2020-01-01T10:00:00Z", ends_at="2020-01-01T12:00:00Z", open_door=True)
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = begun
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = [answers.entry(answers.LINA)]
    neighbours.answers[SHEET] = {"version": 4}
    neighbours.answers[f"POST /sessions/{answers.SESSION}/walk-ins"] = answers.booking()
    mark = {"participant_id": answers.YANIS, "state": "present", "version": 1, "marked_by_me": True}
    written = {**mark, "marked_at": "2090-11-22T13:00:00Z"}
    neighbours.answers[f"POST /sessions/{answers.SESSION}/attendance/marks"] = written
    return portal.sign_in()


async def test_a_tap_counts_one_more(portal: Portal, neighbours: Neighbours, animator: BrowserSession) -> None:
    done = await portal.post(PATH, animator, **SEEN, add="0-5")
    assert (done.status_code, done.headers["location"]) == (303, f"{PATH}?saved")
    (sent,) = neighbours.bodies("PUT", "/attendance")
    assert sent == {"marks": [], "anonymous_counts": [{"from_age": 0, "to_age": 5, "count": 1}, TEENAGERS]}
    assert neighbours.asked[-1].headers["If-Match"] == '"3"'


async def test_numbers_are_written_and_lead_back_to_the_sheet(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    text = (await portal.get(f"{TEAM_PAGE}/attendance")).text
    assert 'name="count-12-17"' in text
    fields = {**SEEN, "count-12-17": "14", "add": "", "from": "sheet"}
    done = await portal.post(PATH, animator, **fields)
    assert done.headers["location"] == f"{TEAM_PAGE}/attendance?saved"
    assert neighbours.bodies("PUT", "/attendance")[0]["anonymous_counts"] == [{**TEENAGERS, "count": 14}]


async def test_marks_of_others_do_not_hinder_counting(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    refusal = httpx.Response(412, json={"type": "/problems/changed-meanwhile", "title": "?", "status": 412})
    told = [refusal, httpx.Response(200, json={"version": 5})]
    neighbours.answers[SHEET] = lambda _: told.pop(0)
    assert (await portal.post(PATH, animator, **SEEN, add="0-5")).status_code == 303
    assert told == []


async def test_a_form_sent_again_counts_once_and_another_count_is_told(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    one = {"from_age": 0, "to_age": 5, "count": 1}
    path = f"GET /sessions/{answers.SESSION}/attendance"
    neighbours.answers[path] = sheet(one, TEENAGERS)
    assert (await portal.post(PATH, animator, **SEEN, add="0-5")).status_code == 303
    neighbours.answers[path] = sheet({**TEENAGERS, "count": 9})
    page = await portal.post(PATH, animator, **SEEN, add="0-5")
    assert page.status_code == 409
    assert "Somebody else counted meanwhile." in page.text
    assert 'value="9"' in page.text
    assert neighbours.bodies("PUT", "/attendance") == []


async def test_what_is_no_number_is_said_beside_its_field(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    page = await portal.post(PATH, animator, **{**SEEN, "count-12-17": "-1"}, add="")
    assert page.status_code == 422
    assert 'aria-describedby="count-12-17-about"' in page.text
    assert neighbours.bodies("PUT", "/attendance") == []


async def test_somebody_known_is_taken_in_and_marked(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    text = (await portal.get(f"{PATH}?name=had")).text
    assert f'name="who" value="{answers.YANIS}"' in text
    assert f'name="who" value="{answers.LINA}"' not in text, "is on the list"
    done = await portal.post(f"{PATH}/people", animator, who=answers.YANIS, key=answers.BOOKING)
    assert done.headers["location"] == f"{PATH}?saved"
    (booked,) = neighbours.bodies("POST", "/walk-ins")
    assert booked == {"places": [{"participant_id": answers.YANIS, "price_category": "standard"}]}
    (mark,) = neighbours.bodies("POST", "/marks")
    assert (mark["participant_id"], mark["state"], mark["base_version"]) == (answers.YANIS, "present", 0)


async def test_a_full_house_is_told(portal: Portal, neighbours: Neighbours, animator: BrowserSession) -> None:
    refusal = httpx.Response(409, json={"type": "/problems/session-full", "title": "?", "status": 409})
    neighbours.answers[f"POST /sessions/{answers.SESSION}/walk-ins"] = lambda _: refusal
    page = await portal.post(f"{PATH}/people", animator, who=answers.YANIS, key=answers.BOOKING)
    assert page.status_code == 409
    assert neighbours.bodies("POST", "/marks") == []


async def test_only_open_doors_are_walked_in(portal: Portal, neighbours: Neighbours, animator: BrowserSession) -> None:
    assert f'href="{PATH}"' in (await portal.get(TEAM_PAGE)).text
    begun = answers.session(starts_at="2020-01-01T10:00:00Z", ends_at="2020-01-01T12:00:00Z")
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = begun
    assert f'href="{PATH}"' not in (await portal.get(TEAM_PAGE)).text
    assert "Only to an open-door session" in (await portal.get(PATH)).text
    assert 'name="count-12-17"' not in (await portal.get(f"{TEAM_PAGE}/attendance")).text


async def test_who_runs_no_sessions_counts_nobody(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    for path in (PATH, f"{PATH}/people"):
        assert (await portal.post(path, session, **SEEN, add="0-5", who=answers.YANIS)).status_code == 403
    assert neighbours.bodies("PUT", "/attendance") == []


def test_usual_bands_stand_beside_what_was_counted() -> None:
    answer = answers.sheet(anonymous_counts=[{"from_age": 3, "to_age": 8, "count": 4}])
    told = sheet_of(answer, "Europe/Brussels")
    assert [band.name for band in told.bands] == ["3-8", "12-17", "18-25", "26-64", "65-120"]
    assert told.visitors == 4


def test_counts_of_a_form() -> None:
    fields = {
        "count-6-11": "3",
        "count-0-5": "0",
        "count-x": "1",
        "count-1-2-3": "1",
        "seen-6-11": "1",
        "count-7-9": "x",
    }
    assert bands_of(fields, "count-") == [Band(6, 11, 3)]
    assert one_more([Band(6, 11, 3)], "0-5") == [Band(0, 5, 1), Band(6, 11, 3)]
    assert one_more([Band(6, 11, 3)], "6-11") == [Band(6, 11, 4)]
