"""What the platform knows about somebody, to keep or to take elsewhere."""

from __future__ import annotations

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal


async def test_everything_known_is_in_one_file(portal: Portal) -> None:
    portal.sign_in()
    answer = await portal.get("/account/data.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    told = answer.json()
    assert told["account"] == {"subject": "amina", "display_name": "Amina Haddad"}
    assert told["contacts"][0]["email"] == "amina@example.org"
    assert [told[name][0]["id"] for name in ("participants", "bookings", "dues")] == [
        answers.YANIS, answers.BOOKING, answers.DUE,
    ]  # fmt: skip
    assert "token" not in answer.text


async def test_what_does_not_answer_is_left_open_and_not_empty(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.away.add("finance")
    told = (await portal.get("/account/data.json")).json()
    assert (told["charges"], told["dues"]) == (None, None)
    assert told["bookings"]


async def test_it_is_for_who_has_signed_in(portal: Portal) -> None:
    assert (await portal.get("/account/data.json")).status_code == 303
