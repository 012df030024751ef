"""Attendance over HTTP: who writes the list, who sees which marks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

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

SOON_DAYS = 0.5 / 24


@dataclass(frozen=True)
class Afternoon:
    """A session that begins in half an hour, with a child of a family and a resident of another association."""

    organiser: Organiser
    path: str
    child: UUID
    parent: Person
    resident: UUID
    coordinator: Person

    def marks(self, state: str = "present") -> dict[str, Any]:
        return {"marks": [{"participant_id": str(one), "state": state} for one in (self.child, self.resident)]}


async def make_afternoon(world: World, **fields: Any) -> Afternoon:
    organiser = await make_organiser(world)
    session = await organiser.session(in_days=SOON_DAYS, **fields)
    household, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    parent = await world.parent(organiser.organisation_id, household, child)
    created(await parent.post(f"{BASE}/bookings", booking_body(session, child)))
    home = await world.organisation()
    coordinator = await world.member(home, Role.coordinator)
    resident = await make_participant(coordinator, home, "1940-01-01")
    body = booking_body(session, resident, booked_by_organisation_id=str(home))
    created(await coordinator.post(f"{BASE}/bookings", body))
    return Afternoon(organiser, f"{BASE}/sessions/{session['id']}", child, parent, resident, coordinator)


async def test_field_staff_write_the_list_by_the_version_they_read(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    path = f"{afternoon.path}/attendance"
    for version, role in enumerate((Role.director, Role.coordinator, Role.animator)):
        staff = await service_world.member(afternoon.organiser.organisation_id, role)
        assert (await staff.get(path)).headers["ETag"] == f'"{version}"'
        assert (await staff.change("PUT", path, afternoon.marks())).status_code == 428
        written = await staff.change("PUT", path, afternoon.marks(), version=version)
        assert (written.status_code, written.headers["ETag"]) == (200, f'"{version + 1}"')
        assert (await staff.change("PUT", path, afternoon.marks(), version=version)).status_code == 412
    assert len((await staff.get(path)).json()["marks"]) == 2


async def test_families_and_home_associations_see_their_own_marks(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    path = f"{afternoon.path}/attendance"
    await afternoon.organiser.director.change("PUT", path, afternoon.marks(), version=0)
    for person, own in ((afternoon.parent, afternoon.child), (afternoon.coordinator, afternoon.resident)):
        seen = (await person.get(path)).json()
        assert [mark["participant_id"] for mark in seen["marks"]] == [str(own)]
        assert (await person.change("PUT", path, afternoon.marks("absent"), version=1)).status_code == 403
        assert (await person.post(f"{afternoon.path}/completion", None)).status_code == 403
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    volunteer = await service_world.member(afternoon.organiser.organisation_id, Role.volunteer)
    for person in (neighbour, volunteer, service_world.stranger()):
        assert (await person.get(path)).json() == {
            "session_id": afternoon.path.rpartition("/")[2],
            "version": 0,
            "recorded_at": None,
            "marks": [],
            "anonymous_counts": [],
        }
        assert (await person.change("PUT", path, afternoon.marks(), version=1)).status_code == 403
    assert (await service_world.nobody().get(path)).status_code == 401


async def test_of_two_lists_at_once_one_is_told_to_look_again(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    director, path = afternoon.organiser.director, f"{afternoon.path}/attendance"
    raced = await asyncio.gather(
        *(director.change("PUT", path, afternoon.marks(state), version=0) for state in ("present", "absent"))
    )
    assert sorted(answer.status_code for answer in raced) == [200, 412]


async def test_a_mark_is_written_once_however_often_it_is_sent(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    path, body = f"{afternoon.path}/attendance/marks", {"participant_id": str(afternoon.child), "state": "present"}
    noah = await service_world.member(afternoon.organiser.organisation_id, Role.animator)
    first = created(await noah.post(path, {**body, "base_version": 0}, key="one-tap-of-noah"))
    assert (first["state"], first["version"], first["marked_by_me"]) == ("present", 1, True)
    director = afternoon.organiser.director
    changed = created(await director.post(path, {**body, "state": "absent", "base_version": 1}))
    assert (changed["version"], changed["marked_by_me"]) == (2, True)
    again = await noah.post(path, {**body, "base_version": 0}, key="one-tap-of-noah")
    assert (again.json()["version"], again.headers["Idempotent-Replayed"]) == (1, "true")
    stale = await noah.post(path, {**body, "state": "excused", "base_version": 1})
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/marked-meanwhile")
    (mark,) = (await noah.get(f"{afternoon.path}/attendance")).json()["marks"]
    assert (mark["state"], mark["version"], mark["marked_by_me"]) == ("absent", 2, False)
    for outsider in (afternoon.parent, afternoon.coordinator, service_world.stranger()):
        assert (await outsider.post(path, {**body, "base_version": 2})).status_code == 403
    stranger = {**body, "participant_id": str(new_id()), "base_version": 0}
    assert (await noah.post(path, stranger)).json()["type"] == "/problems/not-booked"


async def test_walk_ins_are_booked_by_the_organiser_while_there_is_room(service_world: World) -> None:
    afternoon = await make_afternoon(service_world, open_door=True, capacity=3)
    director, path = afternoon.organiser.director, f"{afternoon.path}/walk-ins"
    visitors = [await make_participant(director, afternoon.organiser.organisation_id) for _ in range(2)]
    body = {"places": [{"participant_id": str(visitors[0]), "price_category": "reduced"}]}
    walked_in = created(await director.post(path, body))
    assert (walked_in["state"], walked_in["places"][0]["price_minor"]) == ("confirmed", 250)
    full = await director.post(path, {"places": [{"participant_id": str(visitors[1])}]})
    assert (full.status_code, full.json()["type"]) == (409, "/problems/session-full")
    for outsider in (afternoon.parent, afternoon.coordinator):
        assert (await outsider.post(path, body)).status_code == 403
    marks = {"marks": [{"participant_id": str(visitors[0]), "state": "present"}]}
    assert (await director.change("PUT", f"{afternoon.path}/attendance", marks, version=0)).status_code == 200


async def test_a_session_is_closed_after_it_has_begun(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    early = await afternoon.organiser.director.post(f"{afternoon.path}/completion", None)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/session-not-begun")


async def test_a_list_of_a_hidden_session_is_hidden(service_world: World) -> None:
    draft = await (await make_organiser(service_world, publish=False)).session(in_days=SOON_DAYS)
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    for session_id in (draft["id"], str(new_id())):
        path = f"{BASE}/sessions/{session_id}"
        answers = [
            await neighbour.get(f"{path}/attendance"),
            await neighbour.change("PUT", f"{path}/attendance", {"marks": []}, version=0),
            await neighbour.post(f"{path}/walk-ins", {"places": [{"participant_id": str(new_id())}]}),
            await neighbour.post(f"{path}/completion", None),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4


BAD_LISTS: list[dict[str, Any]] = [
    {"marks": [{"participant_id": str(new_id()), "state": "present"}]},
    {"marks": [{"participant_id": str(new_id()), "state": "late"}]},
    {"marks": [{"participant_id": "x", "state": "present"}]},
    {"marks": [{}] * 1_001},
    {"anonymous_counts": [{"from_age": 0, "to_age": 5, "count": -1}]},
    {"anonymous_counts": [{"from_age": 0, "to_age": 121, "count": 1}]},
    {"anonymous_counts": [{"from_age": 5, "to_age": 0, "count": 1}]},
    {"anonymous_counts": [{"from_age": 0, "to_age": 5, "count": 10**9}]},
    {"anonymous_counts": [{"from_age": 0, "to_age": 5, "count": 1}] * 2},
    {"unknown": 1},
]


@pytest.mark.parametrize("body", BAD_LISTS)
async def test_bad_input_writes_nothing(service_world: World, body: dict[str, Any]) -> None:
    afternoon = await make_afternoon(service_world, open_door=True)
    path = f"{afternoon.path}/attendance"
    assert (await afternoon.organiser.director.change("PUT", path, body, version=0)).status_code == 422
    twice = {"marks": afternoon.marks()["marks"] * 2}
    assert (await afternoon.organiser.director.change("PUT", path, twice, version=0)).status_code == 422
    assert (await afternoon.organiser.director.get(path)).json()["version"] == 0


async def test_a_visitor_is_counted_once_however_often_the_tap_is_sent(service_world: World) -> None:
    afternoon = await make_afternoon(service_world, open_door=True)
    path, ages = f"{afternoon.path}/attendance/visitors", {"from_age": 6, "to_age": 11}
    director, key = afternoon.organiser.director, str(new_id())
    first, again = [await director.post(path, ages, key=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    taps = [director.post(path, {"from_age": age, "to_age": age + 5}) for age in (6, 6, 12)]
    assert {answer.status_code for answer in await asyncio.gather(*taps)} == {201}
    counted = (await director.get(f"{afternoon.path}/attendance")).json()["anonymous_counts"]
    assert [(band["from_age"], band["count"]) for band in counted] == [(6, 3), (12, 1)]
    overlapping = await director.post(path, {"from_age": 10, "to_age": 14})
    assert (overlapping.status_code, overlapping.json()["type"]) == (422, "/problems/age-bands-overlap")
    for stranger in (afternoon.parent, afternoon.coordinator):
        assert (await stranger.post(path, ages)).status_code == 403


async def test_the_roster_names_who_is_booked_and_whom_to_call(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    path = f"{afternoon.path}/roster"
    listed = (await afternoon.organiser.director.get(path)).json()
    assert {entry["participant_id"] for entry in listed} == {str(afternoon.child), str(afternoon.resident)}
    assert [entry["family_name"] for entry in listed] == sorted(entry["family_name"] for entry in listed)
    (child,) = (entry for entry in listed if entry["participant_id"] == str(afternoon.child))
    assert (child["booking_state"], child["mark"], child["contact_email"]) == ("confirmed", None, "family@example.org")
    await afternoon.organiser.director.change("PUT", f"{afternoon.path}/attendance", afternoon.marks(), version=0)
    assert {entry["mark"] for entry in (await afternoon.organiser.director.get(path)).json()} == {"present"}


async def test_others_see_their_own_people_on_the_roster(service_world: World) -> None:
    afternoon = await make_afternoon(service_world)
    path = f"{afternoon.path}/roster"
    for person, own in ((afternoon.parent, afternoon.child), (afternoon.coordinator, afternoon.resident)):
        assert [entry["participant_id"] for entry in (await person.get(path)).json()] == [str(own)]
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    assert (await neighbour.get(path)).json() == []
