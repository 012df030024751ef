"""Booking without an account over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from activities.run_worker import JOBS
from common.database import Database, organisation_context
from common.due_rows import DueRow
from contracts.partners import Role
from tests.factories.accounts import World
from tests.factories.activities import BASE, Organiser, created, make_organiser

GUESTS = f"{BASE}/guest-bookings"


def body_for(session: dict[str, Any], **changes: Any) -> dict[str, Any]:
    people = [{"given_name": "Ada", "family_name": "Byron", "price_category": "standard"}]
    return {"session_id": session["id"], "email": "ada@example.org", "language": "en", "people": people, **changes}


async def code_sent(worker: Database, organiser: Organiser) -> str:
    """As it is in the outbox, and in no answer."""
    question = text(
        """select payload::jsonb ->> 'code' from outbox_events where wire_type = 'activities.guest_places_held.v1'
            and organisation_id = :organisation_id order by event_id desc limit 1"""
    )
    async with worker.transaction(organisation_context(organiser.organisation_id, "test")) as session:
        return str(await session.scalar(question, {"organisation_id": organiser.organisation_id}))


async def test_the_answer_does_not_carry_the_link(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    held = created(await service_world.nobody().post(GUESTS, body_for(session)))
    assert set(held) == {"session_id", "state", "expires_at"}
    seen = (await service_world.nobody().get(f"{BASE}/sessions/{session['id']}")).json()
    assert seen["places_free"] == 9


async def test_an_unpublished_session_cannot_be_booked_by_guests(service_world: World) -> None:
    organiser = await make_organiser(service_world, publish=False)
    answer = await service_world.nobody().post(GUESTS, body_for(await organiser.session()))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"email": "nobody"}, {"people": []}, {"language": "es"}, {"people": [{"given_name": "", "family_name": "x"}]}],
)
async def test_a_request_that_makes_no_sense_is_refused(service_world: World, changes: dict[str, Any]) -> None:
    organiser = await make_organiser(service_world)
    answer = await service_world.nobody().post(GUESTS, body_for(await organiser.session(), **changes))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")


@pytest.mark.parametrize("act", ["link", "confirmation", "cancellation"])
async def test_a_wrong_link_is_told_as_such(service_world: World, act: str) -> None:
    answer = await service_world.nobody().post(f"{GUESTS}/{act}", {"code": "there-is-no-such-code"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-guest-code")


async def test_two_clicks_at_once_book_once_and_others_see_nothing(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    created(await service_world.nobody().post(GUESTS, body_for(session)))
    code = await code_sent(worker, organiser)
    clicks = [service_world.nobody().post(f"{GUESTS}/confirmation", {"code": code}) for _ in range(4)]
    answers = await asyncio.gather(*clicks)
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["booking_state"] for answer in answers} == {"confirmed"}
    listed = (await organiser.director.get(f"{BASE}/bookings", params={"session_id": session["id"]})).json()["items"]
    assert len(listed) == 1
    stranger = await service_world.member(await service_world.organisation(), Role.director)
    assert (await stranger.get(f"{BASE}/bookings/{listed[0]['id']}")).status_code == 404


async def test_the_last_place_is_held_once_and_comes_back_in_time(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    asked = [
        service_world.nobody().post(GUESTS, body_for(session, email=f"guest{number}@example.org"))
        for number in range(4)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    context = organisation_context(organiser.organisation_id, "test")
    async with worker.transaction(context) as transaction:
        late = "update guest_holds set expires_at = now() where session_id = :id returning id"
        hold_id = (await transaction.execute(text(late), {"id": UUID(session["id"])})).scalar_one()
    await JOBS["end_guest_hold"](worker, DueRow("end_guest_hold", hold_id, organiser.organisation_id, 1))
    seen = (await service_world.nobody().get(f"{BASE}/sessions/{session['id']}")).json()
    assert seen["places_free"] == 1


async def test_a_guest_waits_and_takes_the_offer_by_links(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(capacity=1)
    nobody = service_world.nobody()
    created(await nobody.post(GUESTS, body_for(session)))
    first = await code_sent(worker, organiser)
    assert (await nobody.post(f"{GUESTS}/confirmation", {"code": first})).status_code == 200
    refused = await nobody.post(GUESTS, body_for(session, email="grace@example.org"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/session-full")
    asked = created(await nobody.post(GUESTS, body_for(session, email="grace@example.org", accepts_waiting=True)))
    assert asked["state"] == "asked"
    second = await code_sent(worker, organiser)
    waiting = await nobody.post(f"{GUESTS}/confirmation", {"code": second})
    assert waiting.json()["booking_state"] == "waiting"
    early = await nobody.post(f"{GUESTS}/offer-acceptance", {"code": second})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/no-offer")
    assert (await nobody.post(f"{GUESTS}/cancellation", {"code": first})).status_code == 200
    due = DueRow("offer_free_places", UUID(session["id"]), organiser.organisation_id, 1)
    await JOBS["offer_free_places"](worker, due)
    offered = await code_sent(worker, organiser)
    shown = (await nobody.post(f"{GUESTS}/link", {"code": offered})).json()
    assert shown["booking_state"] == "offered"
    assert shown["offer_expires_at"] is not None
    assert (await nobody.post(f"{GUESTS}/link", {"code": second})).status_code == 404
    taken = await nobody.post(f"{GUESTS}/offer-acceptance", {"code": offered})
    assert (taken.status_code, taken.json()["state"]) == (200, "confirmed")
    assert (await nobody.post(f"{GUESTS}/offer-refusal", {"code": offered})).status_code == 409


async def test_nobody_learns_by_guessing_whether_there_is_an_offer(service_world: World) -> None:
    for act in ("offer-acceptance", "offer-refusal"):
        answer = await service_world.nobody().post(f"{GUESTS}/{act}", {"code": "no-such-code-at-all-here"})
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-guest-code")
