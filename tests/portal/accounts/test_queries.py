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


async def test_work_of_all_associations_is_in_it(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers["GET /people/mine"] = [{"id": answers.YANIS, "organisation_id": answers.HOUSE}]
    neighbours.answers[f"GET /people/{answers.YANIS}/availability"] = {"windows": []}
    for path in ("/leaves", "/hours"):
        neighbours.answers[f"GET {path}"] = answers.page()
    work = (await portal.get("/account/data.json")).json()["work"]
    assert [person["id"] for person in work["people"]] == [answers.YANIS]
    assert work["qualifications"][0]["kind"] == "first_aid"
    assert work["passports"] == [None], "nothing was opened"
    asked = [request.url.params for request in neighbours.asked if request.url.path.endswith("/hours")]
    assert [one["person_id"] for one in asked] == [answers.YANIS], "only the visitor's own"
