"""Booking in three screens, the price before anything is done."""

from __future__ import annotations

import re

import httpx

from tests.portal import answers
from tests.portal.conftest import Neighbours, Portal

PATH = f"/o/tremplin/sessions/{answers.SESSION}/booking"


def problem(status: int, slug: str) -> httpx.Response:
    return httpx.Response(status, json={"type": f"/problems/{slug}", "title": slug, "status": status})


async def test_who_books_signs_in_first_and_comes_back(portal: Portal) -> None:
    answer = await portal.get(PATH)
    assert answer.status_code == 303
    assert answer.headers["location"] == str(httpx.URL("/sign-in", params={"return_to": PATH}))


async def test_the_three_screens_end_in_a_booking(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    people = (await portal.get(PATH)).text
    assert "Yanis Haddad" in people
    assert "too young for this session" in people, "Lina is two years old on the day"
    check = await portal.get(f"{PATH}/check", params={"for": answers.HOUSEHOLD, "who": answers.YANIS})
    assert "Confirm for €12.00" in check.text
    assert neighbours.bodies("POST", "/bookings") == []
    key = re.search(r'name="key" value="([^"]+)"', check.text)
    assert key is not None
    fields = {"for": answers.HOUSEHOLD, "who": answers.YANIS, "key": key.group(1)}
    for _ in range(2):
        done = await portal.post(PATH, session, **fields)
        assert done.headers["location"] == f"/bookings/{answers.BOOKING}?new"
    first, second = neighbours.bodies("POST", "/bookings")
    assert first == second, "a form that is sent twice asks for the same"
    assert first["places"] == [{"participant_id": answers.YANIS, "price_category": "standard"}]
    keys = {one.headers["idempotency-key"] for one in neighbours.asked if one.method == "POST"}
    assert keys == {key.group(1)}


async def test_nobody_chosen_is_said_beside_the_field(portal: Portal) -> None:
    portal.sign_in()
    answer = await portal.get(f"{PATH}/check", params={"for": answers.HOUSEHOLD})
    assert answer.status_code == 422
    assert "Choose at least one person." in answer.text


async def test_a_refusal_is_shown_in_words(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    neighbours.answers["POST /bookings"] = lambda _: problem(409, "already-booked")
    fields = {"for": answers.HOUSEHOLD, "who": answers.YANIS, "key": "x" * 20}
    answer = await portal.post(PATH, session, **fields)
    assert answer.status_code == 409
    assert "Somebody you chose already has a place in this session." in answer.text


async def test_a_full_session_says_that_one_waits(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = answers.session(places_free=0)
    answer = await portal.get(f"{PATH}/check", params={"for": answers.HOUSEHOLD, "who": answers.YANIS})
    assert "you join the waiting list" in answer.text
    assert "you have 48 hours to answer" in answer.text


async def test_a_session_that_has_begun_is_not_booked(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    past = answers.session(starts_at="2020-01-01T10:00:00Z", ends_at="2020-01-01T12:00:00Z")
    neighbours.answers[f"GET /sessions/{answers.SESSION}"] = past
    assert (await portal.get(PATH)).status_code == 409


async def test_a_group_is_booked_by_its_association(portal: Portal, neighbours: Neighbours) -> None:
    session = portal.sign_in()
    membership = {"organisation_id": answers.HOME, "role": "coordinator", "state": "active"}
    neighbours.answers["GET /memberships/mine"] = answers.page(membership)
    assert "Les Tilleuls" in (await portal.get(PATH)).text
    await portal.post(PATH, session, **{"for": answers.HOME, "who": answers.YANIS, "key": "y" * 20})
    (body,) = neighbours.bodies("POST", "/bookings")
    assert body["booked_by_organisation_id"] == answers.HOME


async def test_families_see_where_it_is_and_how_to_get_in(portal: Portal, neighbours: Neighbours) -> None:
    portal.sign_in()
    known = {"address": "Rue des Écoles 4", "accessibility": "Rampe, ascenseur"}
    neighbours.answers[f"GET /organisations/{answers.HALL}"] = known
    check = f"/o/tremplin/sessions/{answers.SESSION}/booking/check?for={answers.HOUSEHOLD}&who={answers.YANIS}"
    for path in (check, f"/bookings/{answers.BOOKING}", f"/o/tremplin/sessions/{answers.SESSION}"):
        text = (await portal.get(path)).text
        assert "Rue des Écoles 4" in text
        assert "Rampe, ascenseur" in text


async def test_families_see_the_rooms_that_are_held_on_the_session_and_on_their_booking(
    portal: Portal, neighbours: Neighbours
) -> None:
    held = answers.session(rooms=["Salle bleue"])
    neighbours.answers |= {f"GET /sessions/{answers.SESSION}": held, "GET /sessions": answers.page(held)}
    public = (await portal.get(f"/o/tremplin/sessions/{answers.SESSION}")).text
    portal.sign_in()
    for text in (public, (await portal.get(f"/bookings/{answers.BOOKING}")).text):
        assert "Grande salle, Salle bleue" in text
    assert "Salle bleue" in (await portal.get("/household")).text
