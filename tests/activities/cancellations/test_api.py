"""Places given up over HTTP: who may, what comes back, and two people at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import World
from tests.factories.activities import (
    BASE,
    booking_body,
    created,
    make_household,
    make_organiser,
    make_participant,
)

BOOKINGS = f"{BASE}/bookings"


async def test_a_parent_gives_up_one_of_two_places(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    household, children = await make_household(organiser.director, organiser.organisation_id, "2017-05-01", None)
    parent = await service_world.parent(organiser.organisation_id, household, *children)
    booking = created(await parent.post(BOOKINGS, booking_body(session, *children)))
    path = f"{BOOKINGS}/{booking['id']}/cancellation"
    given_up = await parent.post(path, {"participant_ids": [str(children[0])]})
    assert given_up.json() == {
        "id": booking["id"],
        "version": 2,
        "state": "confirmed",
        "remaining_participant_ids": [str(children[1])],
        "currency": "EUR",
        "given_back": [{"participant_id": str(children[0]), "amount_minor": 500}],
    }
    again = await parent.post(path, {"participant_ids": [str(children[0])]})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/nothing-to-cancel")
    assert (await parent.post(path, {})).json()["state"] == "cancelled"
    assert (await organiser.director.get(f"{BASE}/sessions/{session['id']}")).json()["places_free"] == 10


async def test_home_staff_who_booked_a_household_elsewhere_see_and_cancel_it(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    home = await service_world.organisation()
    coordinator = await service_world.member(home, Role.coordinator)
    _, children = await make_household(coordinator, home, "2017-05-01")
    booking = created(await coordinator.post(BOOKINGS, booking_body(session, *children)))
    assert (await coordinator.get(f"{BOOKINGS}/{booking['id']}")).json() == booking
    assert (await coordinator.post(f"{BOOKINGS}/{booking['id']}/cancellation", {})).json()["state"] == "cancelled"


async def test_a_parent_sees_the_own_child_in_a_group_but_cannot_cancel_the_group(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    own = organiser.organisation_id
    household, children = await make_household(organiser.director, own, "2017-05-01")
    other = await make_participant(organiser.director, own)
    parent = await service_world.parent(own, household, *children)
    body = booking_body(session, *children, other, booked_by_organisation_id=str(own))
    booking = created(await organiser.director.post(BOOKINGS, body))
    path = f"{BOOKINGS}/{booking['id']}"
    seen = (await parent.get(path)).json()
    assert [place["participant_id"] for place in seen["places"]] == [str(children[0])]
    for body in ({}, {"participant_ids": [str(children[0])]}):
        refused = await parent.post(f"{path}/cancellation", body)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/unknown-participants")
    assert (await organiser.director.get(path)).json() == booking


async def test_of_two_cancellations_at_once_one_counts(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=2)
    people = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(2)]
    booking = created(await organiser.director.post(BOOKINGS, booking_body(session, *people)))
    path = f"{BOOKINGS}/{booking['id']}/cancellation"
    raced = await asyncio.gather(*(organiser.director.post(path, {}) for _ in range(4)))
    assert sorted(answer.status_code for answer in raced) == [200, 409, 409, 409]
    assert (await organiser.director.get(f"{BASE}/sessions/{session['id']}")).json()["places_free"] == 2


async def test_places_given_up_and_taken_at_once_are_counted_right(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=3)
    people = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(9)]
    post = organiser.director.post
    first = [created(await post(BOOKINGS, booking_body(session, person))) for person in people[:3]]
    answers = await asyncio.gather(
        *(post(f"{BOOKINGS}/{booking['id']}/cancellation", {}) for booking in first),
        *(post(BOOKINGS, booking_body(session, person)) for person in people[3:]),
    )
    assert {answer.status_code for answer in answers} == {200, 201}
    params = {"session_id": session["id"], "state": "confirmed"}
    confirmed = (await organiser.director.get(BOOKINGS, params=params)).json()["items"]
    seen = (await organiser.director.get(f"{BASE}/sessions/{session['id']}")).json()
    assert seen["places_free"] == 3 - len(confirmed)


async def test_others_cancel_nothing_and_learn_nothing(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    person = await make_participant(organiser.director, organiser.organisation_id)
    booking = created(await organiser.director.post(BOOKINGS, booking_body(session, person)))
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    outsiders = [neighbour, service_world.stranger()]
    outsiders += [
        await service_world.member(organiser.organisation_id, role)
        for role in (Role.volunteer, Role.treasurer, Role.funder, Role.operator, Role.federation_admin)
    ]
    for outsider in outsiders:
        foreign = await outsider.post(f"{BOOKINGS}/{booking['id']}/cancellation", {})
        unknown = await outsider.post(f"{BOOKINGS}/{new_id()}/cancellation", {})
        assert foreign.status_code == unknown.status_code == 404
        assert {**foreign.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}
    assert (await organiser.director.get(f"{BOOKINGS}/{booking['id']}")).json() == booking


@pytest.mark.parametrize(
    "body",
    [
        {"participant_ids": []},
        {"participant_ids": ["x"]},
        {"participant_ids": [str(new_id())] * 51},
        {"reason": "?"},
        [],
    ],
)
async def test_bad_input_cancels_nothing(service_world: World, body: Any) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    person = await make_participant(organiser.director, organiser.organisation_id)
    booking = created(await organiser.director.post(BOOKINGS, booking_body(session, person)))
    assert (await organiser.director.post(f"{BOOKINGS}/{booking['id']}/cancellation", body)).status_code == 422
    assert (await organiser.director.get(f"{BOOKINGS}/{booking['id']}")).json() == booking
