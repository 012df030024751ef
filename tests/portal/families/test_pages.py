"""The team finds a family and writes down what it signed."""

from __future__ import annotations

import pytest

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

MANAGE = "/manage/tremplin"
PATHS = [f"{MANAGE}/families/{answers.HOUSEHOLD}", f"{MANAGE}/participants/{answers.YANIS}"]


@pytest.fixture
def animator(neighbours: Neighbours) -> None:
    """The reader runs sessions of the youth house."""
    membership = {"organisation_id": answers.HOUSE, "role": "animator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)


@pytest.mark.usefixtures("animator")
async def test_families_and_people_without_one_are_found(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    alone = {**answers.participant(), "household_id": None, "given_name": "Odette"}
    neighbours.answers["GET /participants"] = answers.page(alone, answers.participant(answers.LINA, "Lina"))
    page = (await portal.get(f"{MANAGE}/families?name=had")).text
    for path in PATHS:
        assert f'href="{path}"' in page
    assert "Odette" in page
    assert "Lina" not in page


@pytest.mark.usefixtures("animator")
@pytest.mark.parametrize("path", PATHS)
async def test_the_team_writes_down_what_was_signed(portal: Portal, neighbours: Neighbours, path: str) -> None:
    session = portal.sign_in()
    assert (await portal.get(path)).status_code == 200
    fields = {f"photo.2.{answers.YANIS}": "yes", "key": answers.SESSION}
    done = await portal.post(f"{path}/consents", session, **fields)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?saved")
    (sent,) = neighbours.bodies("POST", "/consents")
    assert (sent["participant_id"], sent["is_given"]) == (answers.YANIS, True)


@pytest.mark.usefixtures("animator")
@pytest.mark.parametrize("path", PATHS)
async def test_a_family_of_another_association_is_not_found(portal: Portal, neighbours: Neighbours, path: str) -> None:
    portal.sign_in()
    for record in (f"GET /households/{answers.HOUSEHOLD}", f"GET /participants/{answers.YANIS}"):
        found = neighbours.answers[record]
        assert isinstance(found, dict)
        neighbours.answers[record] = {**found, "organisation_id": answers.HOME}
    assert (await portal.get(path)).status_code == 404


@pytest.mark.parametrize("path", PATHS)
async def test_who_runs_no_sessions_sees_no_family(portal: Portal, path: str) -> None:
    portal.sign_in()
    assert (await portal.get(path)).status_code == 403
