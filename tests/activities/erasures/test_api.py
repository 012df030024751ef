"""Who may ask for whose erasure, and what stands in the way."""

from __future__ import annotations

import secrets

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import World
from tests.factories.activities import BASE, booking_body, created, make_household, make_organiser

ERASURES = f"{BASE}/erasures"


async def test_planners_ask_for_their_own_people_and_others_see_nothing(service_world: World) -> None:
    organiser, neighbour = await make_organiser(service_world), await make_organiser(service_world)
    household_id, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    body = {"organisation_id": str(organiser.organisation_id), "subject": "household", "subject_id": str(household_id)}
    for person in (neighbour.director, service_world.stranger()):
        assert (await person.post(ERASURES, body)).status_code == 403
    animator = await service_world.member(organiser.organisation_id, Role.animator)
    assert (await animator.post(ERASURES, body)).status_code == 403
    elsewhere = {**body, "organisation_id": str(neighbour.organisation_id)}
    assert (await neighbour.director.post(ERASURES, elsewhere)).status_code == 404
    receipt = created(await organiser.director.post(ERASURES, body))
    assert (receipt["state"], receipt["answers"]) == ("asked", [])
    listed = {"params": {"organisation_id": str(organiser.organisation_id)}}
    assert [one["id"] for one in (await organiser.director.get(ERASURES, **listed)).json()["items"]] == [receipt["id"]]
    for person in (neighbour.director, service_world.stranger(), animator):
        assert (await person.get(ERASURES, **listed)).json()["items"] == []
    del child


async def test_a_booking_to_come_is_cancelled_first(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    household_id, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    session = await organiser.session(in_days=5)
    booking = created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, child)))
    body = {"organisation_id": str(organiser.organisation_id), "subject": "participant", "subject_id": str(child)}
    refused = await organiser.director.post(ERASURES, body)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("still-booked")
    assert "Cancel first" in refused.json()["detail"]
    await organiser.director.post(f"{BASE}/bookings/{booking['id']}/cancellation", {})
    created(await organiser.director.post(ERASURES, body))
    del household_id


async def test_everybody_asks_for_what_is_kept_of_themselves_once(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    person = service_world.stranger()
    body = {"organisation_id": str(organiser.organisation_id), "subject": "own_account"}
    receipt = created(await person.post(ERASURES, body))
    again = created(await person.post(ERASURES, body))
    assert again["id"] == receipt["id"], "while it goes on, it is one and the same"
    shown = await service_world.nobody().get(f"{ERASURES}/{receipt['code']}")
    assert shown.json()["state"] == "asked"
    assert person.subject not in shown.text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"subject": "own_account", "subject_id": str(new_id())}, 422),
        ({"subject": "household"}, 422),
        ({"subject": "household", "subject_id": str(new_id())}, 404),
        ({"subject": "own_account", "organisation_id": str(new_id())}, 422),
    ],
)
async def test_what_cannot_be_erased_is_refused(service_world: World, changes: dict[str, str], status: int) -> None:
    organiser = await make_organiser(service_world)
    body = {"organisation_id": str(organiser.organisation_id), **changes}
    assert (await organiser.director.post(ERASURES, body)).status_code == status


async def test_a_code_that_is_none_opens_nothing(service_world: World) -> None:
    assert (await service_world.nobody().get(f"{ERASURES}/{secrets.token_urlsafe(16)}")).status_code == 404
