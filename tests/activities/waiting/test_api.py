"""Offers answered over HTTP, also by several at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

import pytest

from activities.run_worker import JOBS
from common.database import Database
from common.due_rows import DueRow
from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import Person, World
from tests.factories.activities import (
    BASE,
    Organiser,
    booking_body,
    created,
    make_household,
    make_organiser,
    make_participant,
)

ANSWERS = ("offer-acceptance", "offer-refusal")


@dataclass(frozen=True)
class Offered:
    """A booking of a family to which the only place of a session is offered."""

    organiser: Organiser
    session: dict[str, object]
    path: str
    parent: Person


async def make_offer(world: World, worker: Database) -> Offered:
    organiser = await make_organiser(world)
    session = await organiser.session(capacity=1)
    first = await make_participant(organiser.director, organiser.organisation_id)
    taken = created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, first)))
    household_id, children = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    parent = await world.parent(organiser.organisation_id, household_id, *children)
    waiting = created(await parent.post(f"{BASE}/bookings", booking_body(session, *children)))
    await organiser.director.post(f"{BASE}/bookings/{taken['id']}/cancellation", {})
    due = DueRow("offer_free_places", UUID(session["id"]), organiser.organisation_id, 1)
    await JOBS[due.kind](worker, due)
    return Offered(organiser, session, f"{BASE}/bookings/{waiting['id']}", parent)


async def test_a_parent_takes_the_offered_place(service_world: World, worker: Database) -> None:
    offered = await make_offer(service_world, worker)
    seen = (await offered.parent.get(offered.path)).json()
    assert (seen["state"], seen["offer_expires_at"] is not None) == ("offered", True)
    taken = await offered.parent.post(f"{offered.path}/offer-acceptance", None)
    assert (taken.status_code, taken.json()["state"], taken.json()["version"]) == (200, "confirmed", 3)
    decisions = (await offered.parent.get(f"{offered.path}/decisions")).json()
    assert [decision["decision"] for decision in decisions] == ["waiting", "offered", "confirmed"]


async def test_a_declined_offer_is_over(service_world: World, worker: Database) -> None:
    offered = await make_offer(service_world, worker)
    declined = await offered.parent.post(f"{offered.path}/offer-refusal", None)
    assert (declined.status_code, declined.json()["state"]) == (200, "cancelled")
    for answer in ANSWERS:
        late = await offered.parent.post(f"{offered.path}/{answer}", None)
        assert (late.status_code, late.json()["type"]) == (409, "/problems/no-offer")
    session = (await offered.parent.get(f"{BASE}/sessions/{offered.session['id']}")).json()
    assert session["places_free"] == 1


@pytest.mark.parametrize("answers", [("offer-acceptance",) * 4, ANSWERS * 2])
async def test_of_several_answers_at_once_one_counts(
    service_world: World, worker: Database, answers: tuple[str, ...]
) -> None:
    offered = await make_offer(service_world, worker)
    given = await asyncio.gather(*(offered.parent.post(f"{offered.path}/{answer}", None) for answer in answers))
    assert sorted(answer.status_code for answer in given) == [200, 409, 409, 409]
    state = next(answer.json()["state"] for answer in given if answer.status_code == 200)
    assert (await offered.parent.get(offered.path)).json()["state"] == state


async def test_an_offer_races_with_its_end_the_session_and_the_capacity(service_world: World, worker: Database) -> None:
    """Whatever comes first: the places and the bookings agree, and nobody keeps a place of a cancelled session."""
    for _ in range(3):
        offered = await make_offer(service_world, worker)
        director, session_path = offered.organiser.director, f"{BASE}/sessions/{offered.session['id']}"
        organisation_id, booking_id = offered.organiser.organisation_id, UUID(offered.path.rpartition("/")[2])
        expire = DueRow("expire_offer", booking_id, organisation_id, 1)
        raced = await asyncio.gather(
            offered.parent.post(f"{offered.path}/offer-acceptance", None),
            JOBS["expire_offer"](worker, expire),
            director.change("PATCH", session_path, {"capacity": 3}, version=1),
            director.post(f"{session_path}/cancellation", {"reason": "Storm"}, headers={"If-Match": '"1"'}),
        )
        assert raced[0].status_code in (200, 409)
        assert sorted(answer.status_code for answer in raced[2:]) == [200, 412]
        session = (await director.get(session_path)).json()
        if session["state"] == "cancelled":
            due = DueRow("cancel_bookings_of_session", UUID(session["id"]), organisation_id, 1)
            await JOBS[due.kind](worker, due)
        booking = (await offered.parent.get(offered.path)).json()
        kept = booking["state"] == "confirmed"
        assert booking["state"] in ("confirmed", "cancelled")
        assert not (kept and session["state"] == "cancelled")
        free = (await director.get(session_path)).json()
        assert free["places_free"] == free["capacity"] - kept


async def test_others_answer_nothing(service_world: World, worker: Database) -> None:
    offered = await make_offer(service_world, worker)
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    for person in (neighbour, service_world.stranger()):
        for answer in ANSWERS:
            foreign = await person.post(f"{offered.path}/{answer}", None)
            unknown = await person.post(f"{BASE}/bookings/{new_id()}/{answer}", None)
            assert foreign.status_code == unknown.status_code == 404
    assert (await service_world.nobody().post(f"{offered.path}/offer-refusal", None)).status_code == 401
    assert (await offered.parent.get(offered.path)).json()["state"] == "offered"
