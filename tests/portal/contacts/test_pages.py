"""A family says how it is reached and who belongs to it."""

from __future__ import annotations

import httpx
import pytest

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

CONTACT = f"/household/contacts/{answers.BOOKING}"
MEMBER = f"/household/members/{answers.YANIS}"
NEW = f"/household/{answers.HOUSEHOLD}/new-member"
REACHED = {
    "display_name": "Amina Haddad", "email": "amina@example.org", "phone": "+32 470 55 10 01", "language": "nl",
    "channel": "phone", "version": "1",
}  # fmt: skip


async def test_all_of_the_family_is_shown(portal: Portal) -> None:
    portal.sign_in()
    page = (await portal.get("/household/people?language=en")).text
    for path in (CONTACT, MEMBER, NEW):
        assert f'href="{path}"' in page
    assert "by e-mail" in page


async def test_a_contact_says_how_to_be_told(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    done = await portal.post(CONTACT, session, **REACHED)
    assert (done.status_code, done.headers["location"]) == (303, "/household/people")
    (sent,) = neighbours.bodies("PATCH", CONTACT.rpartition("/")[2])
    assert (sent["prefers_phone"], sent["language"], sent["phone"]) == (True, "nl", "+32 470 55 10 01")
    assert neighbours.asked[-1].headers["If-Match"] == '"1"'


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"email": "amina"}, "email"),
        ({"channel": "?"}, "channel"),
        ({"display_name": " "}, "display_name"),
        ({"language": "it"}, "language"),
    ],
)
async def test_what_makes_no_sense_is_said_beside_its_field(
    portal: Portal, neighbours: Neighbours, changes: dict[str, str], field: str
) -> None:
    session = portal.sign_in()
    page = await portal.post(CONTACT, session, **{**REACHED, **changes})
    assert page.status_code == 422
    assert f'aria-describedby="{field}-about" aria-invalid="true"' in page.text
    assert neighbours.bodies("PATCH", CONTACT.rpartition("/")[2]) == []


async def test_a_change_by_somebody_else_is_told(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    refusal = httpx.Response(412, json={"type": "/problems/changed-meanwhile", "title": "?", "status": 412})
    neighbours.answers[f"PATCH /contacts/{answers.BOOKING}"] = lambda _: refusal
    page = await portal.post(CONTACT, session, **REACHED)
    assert page.status_code == 412
    assert "+32 470 55 10 01" in page.text, "what was entered is kept"


async def test_a_member_is_corrected_and_another_added(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    named = {"given_name": "Ines", "family_name": "Haddad", "born_on": ""}
    assert (await portal.post(MEMBER, session, **named, version="1")).status_code == 303
    assert neighbours.bodies("PATCH", MEMBER.rpartition("/")[2]) == [{**named, "born_on": None}]
    assert (await portal.post(NEW, session, **named, key=answers.SESSION)).status_code == 303
    (added,) = neighbours.bodies("POST", "/participants")
    assert (added["household_id"], added["organisation_id"]) == (answers.HOUSEHOLD, answers.HOUSE)
    early = await portal.post(NEW, session, **{**named, "born_on": "2999-01-01"})
    assert early.status_code == 422


async def test_nobody_is_added_to_the_household_of_others(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    path = f"/household/{answers.BOOKING}/new-member"
    assert (await portal.get(path)).status_code == 404
    assert (await portal.post(path, session, given_name="Ines", family_name="Haddad")).status_code == 404
    assert neighbours.bodies("POST", "/participants") == []
