"""The attendance sheet: only what is different is written, and nobody's mark is lost."""

from __future__ import annotations

import httpx
import pytest

from portal.attendance.domain import account_name, new_marks
from portal.browser_sessions import BrowserSession
from portal.roster.domain import roster_of
from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/manage/tremplin/sessions/{answers.SESSION}/attendance"
SHEET = f"PUT /sessions/{answers.SESSION}/attendance"


@pytest.fixture
def animator(portal: Portal, neighbours: Neighbours) -> BrowserSession:
    """Runs the session, which has begun; Yanis is marked as present, Lina is not marked."""
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    begun = answers.session(starts_at="2020-01-01T10:00:00Z", ends_at="2020-01-01T12:00:00Z")
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = begun
    listed = [answers.entry(mark="present"), answers.entry(answers.LINA, given_name="Lina")]
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = listed
    neighbours.answers[SHEET] = {"version": 4}
    return portal.sign_in()


async def test_only_what_is_different_is_written(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    marks = {f"mark-{answers.YANIS}": "present", f"mark-{answers.LINA}": "absent", "mark-stranger": "present"}
    answer = await portal.post(PATH, animator, version="3", **marks)
    assert answer.headers["location"] == f"{PATH}?saved"
    assert neighbours.bodies("PUT", "/attendance") == [{"marks": [{"participant_id": answers.LINA, "state": "absent"}]}]
    (written,) = (one for one in neighbours.asked if one.method == "PUT")
    assert written.headers["if-match"] == '"3"'


async def test_who_wrote_meanwhile_is_shown_beside_ones_own_mark(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    problem = {"type": "/problems/changed-meanwhile", "title": "Changed", "status": 412}
    neighbours.answers[SHEET] = lambda _: httpx.Response(412, json=problem)
    answer = await portal.post(PATH, animator, version="2", **{f"mark-{answers.YANIS}": "absent"})
    assert answer.status_code == 412
    assert "Somebody else wrote meanwhile: Present" in answer.text


async def test_the_sheet_opens_with_the_session(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answers.session()
    text = (await portal.get(PATH)).text
    assert "The sheet opens an hour before the session" in text
    assert text.count("disabled") == 6


def test_a_roster_is_sorted_by_what_the_places_are() -> None:
    late = answers.entry("late", "waiting", waiting_since="2090-11-02T10:00:00Z")
    early = answers.entry("early", "waiting", waiting_since="2090-11-01T10:00:00Z")
    roster = roster_of([late, answers.entry(mark="excused"), early, answers.entry("offered", "offered")])
    assert [entry["participant_id"] for entry in roster.waiting] == ["early", "late"]
    assert (len(roster.confirmed), len(roster.offered), roster.count("excused"), roster.unmarked) == (1, 1, 1, 0)


def test_words_that_are_no_mark_are_left_out() -> None:
    assert new_marks([(f"mark-{answers.YANIS}", "maybe")], roster_of([answers.entry()])) == []


MARKS = f"{PATH}/marks"
MARKED = {
    "participant_id": answers.YANIS, "state": "present", "version": 2, "marked_at": "2020-01-01T10:05:00Z",
    "marked_by_me": False,
}  # fmt: skip


def a_tap(session: BrowserSession, **changes: object) -> dict[str, object]:
    """Yanis is tapped as absent, on the first version of his mark."""
    return {
        "op_id": answers.BOOKING, "account": account_name(session.subject), "participant_id": answers.YANIS,
        "state": "absent", "base_version": 1, **changes,
    }  # fmt: skip


async def tap(portal: Portal, session: BrowserSession, token: str | None = None, **changes: object) -> httpx.Response:
    headers = {"X-CSRF-Token": token or session.csrf_token, "Sec-Fetch-Site": "same-origin"}
    return await portal.client.post(MARKS, json=a_tap(session, **changes), headers=headers)


async def test_a_tap_is_sent_under_its_own_key(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    neighbours.answers[f"POST /sessions/{answers.SESSION}/attendance/marks"] = {**MARKED, "state": "absent"}
    answer = await tap(portal, animator)
    assert answer.json() == {
        "outcome": "written", "mark": {"state": "absent", "version": 2, "time": "11:05", "own": False}
    }  # fmt: skip
    (sent,) = (one for one in neighbours.asked if one.method == "POST")
    assert sent.headers["idempotency-key"] == answers.BOOKING


async def test_a_mark_of_somebody_else_comes_back_with_the_collision(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    problem = {"type": "/problems/marked-meanwhile", "title": "Meanwhile", "status": 409}
    neighbours.answers[f"POST /sessions/{answers.SESSION}/attendance/marks"] = lambda _: httpx.Response(
        409, json=problem
    )
    neighbours.answers[f"GET /sessions/{answers.SESSION}/attendance"] = answers.sheet(version=4, marks=[MARKED])
    answer = await tap(portal, animator)
    assert (answer.status_code, answer.json()["mark"]["state"]) == (409, "present")


async def test_taps_are_kept_when_they_cannot_be_taken(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    assert (await tap(portal, animator, token="another")).json() == {"outcome": "look-again"}
    assert (await tap(portal, animator, account="of somebody else")).json() == {"outcome": "sign-in"}
    not_booked = {"type": "/problems/not-booked", "title": "Not booked", "status": 422}
    path = f"POST /sessions/{answers.SESSION}/attendance/marks"
    neighbours.answers[path] = lambda _: httpx.Response(422, json=not_booked)
    assert (await tap(portal, animator)).json()["outcome"] == "refused"
    neighbours.away.add("activities")
    assert (await tap(portal, animator)).status_code == 503
    portal.client.cookies.clear()
    assert (await tap(portal, animator)).json() == {"outcome": "sign-in"}


VISITORS = f"{PATH}/visitors"
COUNT = f"POST /sessions/{answers.SESSION}/attendance/visitors"


async def count(portal: Portal, session: BrowserSession, token: str | None = None, **changes: object) -> httpx.Response:
    ages = {"op_id": answers.BOOKING, "account": account_name(session.subject), "from_age": 6, "to_age": 11}
    headers = {"X-CSRF-Token": token or session.csrf_token, "Sec-Fetch-Site": "same-origin"}
    return await portal.client.post(VISITORS, json={**ages, **changes}, headers=headers)


async def test_a_visitor_is_counted_under_a_key_of_the_tap(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    counts = [{"from_age": 6, "to_age": 11, "count": 4}, {"from_age": 12, "to_age": 17, "count": 0}]
    neighbours.answers[COUNT] = {"session_id": answers.SESSION, "version": 2, "anonymous_counts": counts}
    assert (await count(portal, animator)).json() == {"outcome": "written", "counts": {"6-11": 4}}
    (sent,) = (one for one in neighbours.asked if one.method == "POST")
    assert sent.headers["idempotency-key"] == answers.BOOKING
    assert neighbours.bodies("POST", "/attendance/visitors") == [{"from_age": 6, "to_age": 11}]


async def test_a_visitor_who_cannot_be_counted_is_kept_or_shown(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    assert (await count(portal, animator, token="another")).json() == {"outcome": "look-again"}
    assert (await count(portal, animator, account="of somebody else")).json() == {"outcome": "sign-in"}
    closed = {"type": "/problems/session-not-open", "title": "Closed", "status": 409}
    neighbours.answers[COUNT] = lambda _: httpx.Response(409, json=closed)
    refused = (await count(portal, animator)).json()
    assert refused["outcome"] == "refused"
    assert refused["text"]
    neighbours.away.add("activities")
    assert (await count(portal, animator)).status_code == 503


async def test_the_sheet_of_an_open_door_keeps_taps_though_nobody_is_booked(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    begun = answers.session(open_door=True, starts_at="2020-01-01T10:00:00Z", ends_at="2020-01-01T12:00:00Z")
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = begun
    neighbours.answers[f"GET /sessions/{answers.SESSION}/roster"] = []
    text = (await portal.get(PATH)).text
    for needed in ("data-attendance", "data-visitors", 'data-band="6-11"', "sheet-status", "Nobody is booked yet."):
        assert needed in text
    assert "data-visitors" not in (await portal.get(PATH.replace("attendance", "walk-ins"))).text


async def test_an_open_sheet_asks_what_stands_on_it(
    portal: Portal, neighbours: Neighbours, animator: BrowserSession
) -> None:
    neighbours.answers[f"GET /sessions/{answers.SESSION}/attendance"] = answers.sheet(version=4, marks=[MARKED])
    told = (await portal.get(MARKS)).json()
    assert told["marks"][answers.YANIS] == {"state": "present", "version": 2, "time": "11:05", "own": False}
    assert told["counts"] == {"12-17": 2}
    assert (told["account"], told["people"]) == (account_name(animator.subject), [answers.YANIS, answers.LINA])
