"""The attendance sheet: only what is different is written, and nobody's mark is lost."""

from __future__ import annotations

import httpx
import pytest

from portal.browser_sessions import BrowserSession
from portal.roster.domain import marks_of, roster_of
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
    assert "The sheet opens when the session begins" in text
    assert text.count("disabled") == 6


def test_a_roster_is_sorted_by_what_the_places_are() -> None:
    late = answers.entry("late", "waiting", waiting_since="2090-11-02T10:00:00Z")
    early = answers.entry("early", "waiting", waiting_since="2090-11-01T10:00:00Z")
    roster = roster_of([late, answers.entry(mark="excused"), early, answers.entry("offered", "offered")])
    assert [entry["participant_id"] for entry in roster.waiting] == ["early", "late"]
    assert (len(roster.confirmed), len(roster.offered), roster.count("excused"), roster.unmarked) == (1, 1, 1, 0)


def test_words_that_are_no_mark_are_left_out() -> None:
    assert marks_of([(f"mark-{answers.YANIS}", "maybe")], roster_of([answers.entry()])) == []
