"""Bookings over HTTP on the real database."""

from __future__ import annotations

import asyncio

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


async def test_staff_book_a_household_and_the_price_is_frozen(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    household, children = await make_household(
        organiser.director, organiser.organisation_id, "2017-05-01", "2019-02-03"
    )
    booking = created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, *children)))
    assert (booking["state"], booking["payer_kind"], booking["payer_id"]) == ("confirmed", "household", str(household))
    assert [place["price_minor"] for place in booking["places"]] == [500, 500]
    seen = (await service_world.nobody().get(f"{BASE}/sessions/{session['id']}")).json()
    assert seen["places_free"] == 8


async def test_an_association_books_its_residents_elsewhere(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    home = await service_world.organisation()
    coordinator = await service_world.member(home, Role.coordinator)
    residents = [await make_participant(coordinator, home, "1940-01-01") for _ in range(6)]
    body = booking_body(session, *residents, booked_by_organisation_id=str(home))
    booking = created(await coordinator.post(f"{BASE}/bookings", body))
    assert (booking["payer_kind"], booking["payer_id"]) == ("organisation", str(home))
    for reader in (organiser.director, coordinator):
        assert len((await reader.get(f"{BASE}/bookings/{booking['id']}")).json()["places"]) == 6
    assert (await organiser.director.get(f"{BASE}/participants/{residents[0]}")).status_code == 200


async def test_a_parent_books_for_their_own_household_only(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    household, children = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    _, neighbours = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    parent = await service_world.parent(organiser.organisation_id, household, *children)
    created(await parent.post(f"{BASE}/bookings", booking_body(session, *children)))
    refused = await parent.post(f"{BASE}/bookings", booking_body(session, *neighbours))
    assert refused.status_code == 403
    assert (await parent.get(f"{BASE}/bookings")).json()["items"][0]["places"][0]["participant_id"] == str(children[0])


async def test_the_last_place_is_sold_once(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    participants = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(6)]
    answers = await asyncio.gather(
        *(organiser.director.post(f"{BASE}/bookings", booking_body(session, one)) for one in participants)
    )
    states = sorted(created(answer)["state"] for answer in answers)
    assert states == ["confirmed"] + ["waiting"] * 5


async def test_a_household_is_booked_whole_or_not_at_all(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=2)
    alone = await make_participant(organiser.director, organiser.organisation_id)
    created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, alone)))
    _, children = await make_household(organiser.director, organiser.organisation_id, "2017-05-01", "2019-02-03")
    body = booking_body(session, *children, accepts_waiting=False)
    full = await organiser.director.post(f"{BASE}/bookings", body)
    assert (full.status_code, full.json()["type"]) == (409, "/problems/session-full")
    waiting = created(await organiser.director.post(f"{BASE}/bookings", {**body, "accepts_waiting": True}))
    assert waiting["state"] == "waiting"
    reasons = (await organiser.director.get(f"{BASE}/bookings/{waiting['id']}/decisions")).json()
    assert reasons[0]["explanation"] == {"rule": "too_few_places_free", "free": 1, "wanted": 2, "position": 1}


async def test_a_free_place_is_not_taken_before_those_who_wait(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=2)
    first, *household, late, hasty = [
        await make_participant(organiser.director, organiser.organisation_id) for _ in range(5)
    ]
    created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, first)))
    own = str(organiser.organisation_id)
    body = booking_body(session, *household, booked_by_organisation_id=own)
    assert created(await organiser.director.post(f"{BASE}/bookings", body))["state"] == "waiting"
    assert created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, late)))["state"] == "waiting"
    refused = await organiser.director.post(f"{BASE}/bookings", booking_body(session, hasty, accepts_waiting=False))
    assert refused.json()["detail"] == "1 of 2 places are free, and 2 bookings wait for them."


async def test_more_people_than_the_session_holds_do_not_wait_in_vain(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    people = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(2)]
    refused = await organiser.director.post(f"{BASE}/bookings", booking_body(session, *people))
    assert (refused.status_code, refused.json()["detail"]) == (409, "The session has 1 places in all.")


async def test_nobody_is_booked_twice_on_a_session(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    child = await make_participant(organiser.director, organiser.organisation_id)
    created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, child)))
    again = await organiser.director.post(f"{BASE}/bookings", booking_body(session, child))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-booked")
    assert (await organiser.director.get(f"{BASE}/sessions/{session['id']}")).json()["places_free"] == 9


async def test_the_same_key_books_once(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    child, other = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(2)]
    post = organiser.director.post
    first, second = await asyncio.gather(
        *(post(f"{BASE}/bookings", booking_body(session, child), key="the-same-key") for _ in range(2))
    )
    assert created(first) == created(second)
    reused = await post(f"{BASE}/bookings", booking_body(session, other), key="the-same-key")
    assert (reused.status_code, reused.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_age_limits_and_prices_are_checked(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(age_from=6, age_to=12)
    adult = await make_participant(organiser.director, organiser.organisation_id, "1980-01-01")
    refused = await organiser.director.post(f"{BASE}/bookings", booking_body(session, adult))
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-eligible")
    child = await make_participant(organiser.director, organiser.organisation_id, "2018-01-01")
    body = booking_body(session)
    body["places"] = [{"participant_id": str(child), "price_category": "gold"}]
    refused = await organiser.director.post(f"{BASE}/bookings", body)
    assert refused.json()["detail"] == "The price categories are reduced, standard."


async def test_another_association_sees_nothing(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    child = await make_participant(organiser.director, organiser.organisation_id)
    booking = created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, child)))
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    for stranger in (neighbour, service_world.stranger()):
        assert (await stranger.get(f"{BASE}/bookings/{booking['id']}")).status_code == 404
        assert (await stranger.get(f"{BASE}/bookings")).json()["items"] == []
        assert (await stranger.get(f"{BASE}/participants/{child}")).status_code == 404
        refused = await stranger.post(f"{BASE}/bookings/{booking['id']}/cancellation", {})
        assert refused.status_code == 404
    assert (await service_world.nobody().get(f"{BASE}/bookings")).status_code == 401
