"""Being erased by an association, and the receipt that needs no account."""

from __future__ import annotations

import pytest

from tests.portal import answers
from tests.portal.booking.test_api import problem
from tests.portal.conftest import Neighbours, Portal

PATH = "/account/erasure"


async def test_it_is_asked_by_who_has_ticked_that_it_cannot_be_undone(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    answer = await portal.post(PATH, session, organisation=answers.HOUSE)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert neighbours.bodies("POST", "/erasures") == []
    answer = await portal.post(PATH, session, organisation=answers.HOUSE, understood="yes")
    assert answer.headers["location"] == f"/erasures/{answers.GUEST_CODE}"
    assert neighbours.bodies("POST", "/erasures") == [{"organisation_id": answers.HOUSE, "subject": "own_account"}]


async def test_only_who_keeps_something_is_asked(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    page = (await portal.get(PATH)).text
    assert "Erase what Le Tremplin keeps of me" in page
    assert "Les Tilleuls" not in page
    answer = await portal.post(PATH, session, organisation=answers.HOME, understood="yes")
    assert answer.status_code == 404
    assert neighbours.bodies("POST", "/erasures") == []


async def test_a_refusal_says_what_to_do(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers["POST /erasures"] = lambda _request: problem(409, "still-booked")
    answer = await portal.post(PATH, session, organisation=answers.HOUSE, understood="yes")
    assert answer.status_code == 409
    assert "Cancel first what is still to come" in answer.text


async def test_the_receipt_says_what_is_gone_and_what_is_kept(portal: Portal, neighbours: Neighbours) -> None:
    path = f"/erasures/{answers.GUEST_CODE}"
    text = (await portal.get(path)).text
    assert "the erasure is complete" in text
    assert "the law on bookkeeping" in text
    assert "2097" in text
    neighbours.answers[f"GET {path}"] = answers.erasure(state="records")
    assert "3 answers are missing" in (await portal.get(path)).text


STAFF = "/manage/tremplin/erasures"


@pytest.mark.parametrize(
    ("subject", "subject_id"),
    [("household", answers.HOUSEHOLD), ("participant", answers.YANIS), ("worker", answers.YANIS)],
)
async def test_a_planner_has_somebody_erased_and_sees_the_receipt(
    portal: Portal, neighbours: Neighbours, subject: str, subject_id: str
) -> None:
    session = portal.sign_in()
    membership = {"organisation_id": answers.HOUSE, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    path = f"{STAFF}/{subject}/{subject_id}"
    assert (await portal.get(path)).status_code == 200
    assert (await portal.post(path, session)).status_code == 422
    assert neighbours.bodies("POST", "/erasures") == []
    done = await portal.post(path, session, understood="yes", key=answers.SESSION)
    assert (done.status_code, done.headers["location"]) == (303, f"/erasures/{answers.GUEST_CODE}")
    asked = {"organisation_id": answers.HOUSE, "subject": subject, "subject_id": subject_id}
    assert neighbours.bodies("POST", "/erasures") == [asked]
    assert f'href="/erasures/{answers.GUEST_CODE}"' in (await portal.get(STAFF)).text
    neighbours.answers["POST /erasures"] = lambda _: problem(409, "still-booked")
    refused = await portal.post(path, session, understood="yes")
    assert (refused.status_code, "Cancel first what is still to come" in refused.text) == (409, True)


async def test_only_planners_and_only_of_their_own(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    path = f"{STAFF}/household/{answers.HOUSEHOLD}"
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    for one in (path, STAFF):
        assert (await portal.get(one)).status_code == 403
    assert (await portal.post(path, session, understood="yes")).status_code == 403
    neighbours.answers["GET /memberships/mine"] = answers.page({**membership, "role": "director"})
    household = {"id": answers.HOUSEHOLD, "name": "Haddad", "organisation_id": answers.HOME, "version": 1}
    neighbours.answers[f"GET /households/{answers.HOUSEHOLD}"] = household
    session = portal.sign_in()
    assert (await portal.get(path)).status_code == 404
