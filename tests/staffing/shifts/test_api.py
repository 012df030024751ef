"""Shifts over HTTP: what is checked before somebody is on one, who counts for supervision, and who sees what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from common.database import Database, organisation_context
from common.testing import example
from contracts.activities import SessionCancelled, SessionRescheduled
from contracts.partners import Role
from contracts.staffing import CoverageRestored, CoverageShort, PersonChanged, ShiftAssigned, ShiftReleased
from staffing.shifts import use_cases
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.staffing.conftest import Plan, hear
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house, open_house

__all__ = ["house"]
Databases = Callable[[str], ServiceDatabases]


async def test_who_is_assigned_counts_for_supervision_and_no_longer_when_released(house: House) -> None:
    assert (await house.coverage())["is_short"] is True
    shift, aicha = await house.shift(lead_minutes=30, tail_minutes=15), await house.person()
    assert shift["starts_at"] == (house.session.starts_at - timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
    made = await created(house.assign(shift, aicha))
    assert (made["state"], made["engagement"], made["findings"]) == ("assigned", "volunteer", [])
    covered = await house.coverage()
    assert (covered["is_short"], covered["qualified_present"]) == (False, 1)
    (supervisor,) = covered["supervisors"]
    kept = await house.coordinator.change("DELETE", f"{BASE}/supervisors/{supervisor['id']}")
    assert (kept.status_code, kept.json()["type"]) == (409, "/problems/supervisor-of-shift")
    released = await house.coordinator.post(f"{BASE}/assignments/{made['id']}/release", {})
    assert (released.json()["state"], released.json()["released_because"]) == ("released", "by_planner")
    assert (await house.coverage())["is_short"] is True
    announced = await house.told(CoverageShort, CoverageRestored, ShiftAssigned, ShiftReleased)
    assert [type(event) for event in announced] == [
        CoverageShort, CoverageRestored, ShiftAssigned, CoverageShort, ShiftReleased,
    ]  # fmt: skip
    again = await house.coordinator.post(f"{BASE}/assignments/{made['id']}/release", {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/assignment-is-released")


async def test_a_place_is_handed_over_without_the_session_ever_being_short(house: House) -> None:
    shift, aicha, bart = await house.shift(), await house.person(), await house.person(display_name="Bart")
    made = await created(house.assign(shift, aicha))
    path = f"{BASE}/assignments/{made['id']}/handover"
    unqualified = await house.person(qualified=False)
    refused = await house.coordinator.post(path, {"person_id": unqualified["id"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/may-not-be-assigned")
    before = len(await house.told(CoverageShort, CoverageRestored, ShiftAssigned, ShiftReleased))
    given = await created(house.coordinator.post(path, {"person_id": bart["id"]}))
    (on_it,) = (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()["assignments"]
    assert (on_it["id"], on_it["person_id"]) == (given["id"], bart["id"])
    announced = await house.told(CoverageShort, CoverageRestored, ShiftAssigned, ShiftReleased)
    assert [type(event) for event in announced[before:]] == [ShiftAssigned, ShiftReleased]
    again = await house.coordinator.post(path, {"person_id": aicha["id"]})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/assignment-is-released")


async def test_a_helper_does_not_count_for_supervision(house: House) -> None:
    await created(house.assign(await house.shift(role="helper", required=[]), await house.person()))
    assert (await house.coverage())["supervisors_present"] == 0


async def test_leave_papers_and_windows_are_checked(house: House) -> None:
    shift = await house.shift()
    unqualified, away, elsewhere = await house.person(qualified=False), await house.person(), await house.person()
    day = house.session.starts_at.date().isoformat()
    await created(house.coordinator.post(f"{BASE}/people/{away['id']}/leaves", {"starts_on": day, "ends_on": day}))
    window = {"weekday": 0, "from_minute": 0, "to_minute": 1, "kind": "available"}
    path = f"{BASE}/people/{elsewhere['id']}/availability"
    assert (await house.coordinator.change("PUT", path, {"windows": [window]}, version=1)).status_code == 200
    for person, problem, sentence in (
        (unqualified, "may-not-be-assigned", "animator certificate"),
        (away, "may-not-be-assigned", "Is away from"),
        (elsewhere, "needs-a-reason", "usually available at other times"),
    ):
        refused = await house.assign(shift, person)
        assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{problem}")
        assert sentence in refused.json()["detail"]
    assert (await house.assign(shift, away, because="He said yes")).status_code == 409
    candidates = (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}/candidates")).json()
    assert [item["is_allowed"] for item in candidates] == [True, False, False]
    made = await created(house.assign(shift, elsewhere, because="She said yes on the telephone"))
    assert made["because"] == "She said yes on the telephone"
    assert [finding["rule"] for finding in made["findings"]] == ["outside_windows"]


async def test_nobody_is_in_two_places_at_once_not_even_for_two_associations(
    house: House, service_world: World, databases_of: Databases, plan: Plan
) -> None:
    other = await open_house(service_world, databases_of, plan)
    here, there = await house.person(email="aicha@example.org"), await other.person(email="aicha@example.org")
    aicha = await house.linked(here)
    await other.linked(there, aicha)
    await created(house.assign(await house.shift(), here))
    refused = await other.assign(await other.shift(), there)
    assert refused.json()["type"] == "/problems/may-not-be-assigned"
    assert refused.json()["detail"].startswith("Is on duty "), "a time, and nothing of what it is"
    back_to_back = await other.free_shift(in_hours=2)
    await created(other.assign(back_to_back, there))
    mine = (await aicha.get(f"{BASE}/assignments/mine")).json()
    assert {item["organisation_id"] for item in mine} == {str(house.organisation_id), str(other.organisation_id)}


async def test_two_associations_that_ask_for_one_human_at_once_get_him_once(
    house: House, service_world: World, databases_of: Databases, plan: Plan
) -> None:
    other = await open_house(service_world, databases_of, plan)
    here, there = await house.person(email="aicha@example.org"), await other.person(email="aicha@example.org")
    aicha = await house.linked(here)
    await other.linked(there, aicha)
    for hours in range(4):
        shifts = [await place.free_shift(in_hours=10 * hours) for place in (house, other)]
        answers = await asyncio.gather(house.assign(shifts[0], here), other.assign(shifts[1], there))
        assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_two_records_become_one_human_only_if_he_can_be_at_both_duties(
    house: House, service_world: World, databases_of: Databases, plan: Plan
) -> None:
    other = await open_house(service_world, databases_of, plan)
    here, there = await house.person(email="aicha@example.org"), await other.person(email="aicha@example.org")
    await created(house.assign(await house.shift(), here))
    made = await created(other.assign(await other.shift(), there))
    aicha = await house.linked(here)
    await other.coordinator.post(f"{BASE}/people/{there['id']}/link-code", {})
    (event,) = [one for one in await other.told(PersonChanged) if isinstance(one, PersonChanged) and one.link_code]
    refused = await aicha.post(f"{BASE}/people/link", {"code": event.link_code})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/two-duties-at-once")
    await other.coordinator.post(f"{BASE}/assignments/{made['id']}/release", {})
    assert (await aicha.post(f"{BASE}/people/link", {"code": event.link_code})).status_code == 200


async def test_rest_of_employees_is_kept_with_the_rule_and_its_source(house: House) -> None:
    noah = await house.person(kind="employee", display_name="Noah")
    await created(house.assign(await house.free_shift(in_hours=12, hours=2), noah))
    refused = await house.assign(await house.free_shift(in_hours=0, hours=3), noah)
    assert "without 11 h of rest" in refused.json()["detail"]
    candidates = (await house.coordinator.get(f"{BASE}/shifts/{(await house.free_shift())['id']}/candidates")).json()
    (finding,) = [item for item in candidates[0]["findings"] if item["effect"] == "block"]
    assert finding["source"].startswith("daily_rest of EU (verified): https://osha.europa.eu/")
    volunteer = await house.person(qualified=False)
    await created(house.assign(await house.free_shift(in_hours=12), volunteer))
    await created(house.assign(await house.free_shift(in_hours=0), volunteer))


async def test_nobody_is_paid_and_a_volunteer_for_the_same_activity(house: House) -> None:
    noah = await house.person(kind="employee")
    await created(house.assign(await house.shift(), noah))
    evening = await house.shift(tail_minutes=0, role="helper", required=[])
    assert "may-not-be-assigned" in (await house.assign(evening, noah, engagement="volunteer")).json()["type"]


async def test_a_volunteer_signs_up_for_an_open_shift_and_leaves_it(house: House, service_world: World) -> None:
    person = await house.person(email="aicha@example.org")
    aicha, stranger = await house.linked(person), service_world.stranger()
    closed, opened = await house.shift(), await house.free_shift(in_hours=6, is_open=True)
    listed = (await aicha.get(f"{BASE}/shifts")).json()["items"]
    assert [item["id"] for item in listed] == [opened["id"]]
    assert (await aicha.post(f"{BASE}/shifts/{closed['id']}/sign-up", {})).status_code == 404
    assert (await stranger.post(f"{BASE}/shifts/{opened['id']}/sign-up", {})).status_code == 404
    made = await created(aicha.post(f"{BASE}/shifts/{opened['id']}/sign-up", {}))
    assert (await aicha.post(f"{BASE}/shifts/{opened['id']}/sign-up", {})).json()["type"] == "/problems/shift-is-full"
    assert (await stranger.post(f"{BASE}/assignments/{made['id']}/release", {})).status_code == 404
    left = await aicha.post(f"{BASE}/assignments/{made['id']}/release", {})
    assert left.json()["released_because"] == "by_request"
    (event,) = await house.told(ShiftAssigned)
    assert isinstance(event, ShiftAssigned)
    assert event.chose_himself


async def test_an_employee_does_not_take_himself_off(house: House) -> None:
    noah = await house.person(kind="employee", email="noah@example.org")
    account = await house.linked(noah)
    made = await created(house.assign(await house.shift(), noah))
    refused = await account.post(f"{BASE}/assignments/{made['id']}/release", {})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/may-not-leave")


async def test_the_last_place_of_a_shift_is_given_once(house: House) -> None:
    shift = await house.shift(places=2)
    for _ in range(2):
        await created(house.assign(shift, await house.person()))
    refused = await house.assign(shift, await house.person())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/shift-is-full")
    path = f"{BASE}/shifts/{shift['id']}"
    current = (await house.coordinator.get(path)).json()
    assert len(current["assignments"]) == 2
    fewer = await house.coordinator.change("PATCH", path, {"places": 1}, version=current["version"])
    assert (fewer.status_code, fewer.json()["type"]) == (409, "/problems/places-are-taken")
    cancelled = await house.coordinator.post(f"{path}/cancellation", {})
    assert cancelled.json()["state"] == "cancelled"
    assert (await house.coverage())["supervisors_present"] == 0


async def follow(house: House, event: Any) -> None:
    """Let staffing hear of a change of the session, and its worker do what follows."""
    database = Database()
    database.connect(house.databases_of("staffing").urls["worker"], 1)
    context = organisation_context(house.organisation_id, "test")
    async with database.transaction(context) as session:
        await hear(session, event)
        await use_cases.follow_session(session, house.session.session_id)
    await database.close()


async def test_shifts_move_with_their_session_and_release_whom_it_does_not_suit(house: House) -> None:
    shift, free, busy = await house.shift(places=2), await house.person(), await house.person()
    for person in (free, busy):
        await created(house.assign(shift, person))
    await created(house.assign(await house.free_shift(in_hours=3), busy))
    later = {
        "starts_at": house.session.starts_at + timedelta(hours=3),
        "ends_at": house.session.ends_at + timedelta(hours=3),
    }
    await follow(house, example(SessionRescheduled, **{**house.session.model_dump(), "version": 2, **later}))
    moved = (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()
    assert moved["starts_at"] == later["starts_at"].isoformat().replace("+00:00", "Z")
    assert [one["person_id"] for one in moved["assignments"]] == [free["id"]]
    assert moved["assignments"][0]["starts_at"] == moved["starts_at"]
    (event,) = await house.told(ShiftReleased)
    assert isinstance(event, ShiftReleased)
    assert (str(event.person_id), event.reason) == (busy["id"], "session_moved")


async def test_a_session_that_is_called_off_frees_everybody(house: House) -> None:
    shift, aicha = await house.shift(), await house.person()
    await created(house.assign(shift, aicha))
    cancelled = {**house.session.model_dump(), "version": 2, "reason": "Inondation"}
    await follow(house, example(SessionCancelled, **cancelled))
    assert (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()["state"] == "cancelled"
    await created(house.assign(await house.free_shift(), aicha))


@pytest.mark.parametrize("body", [{"places": 0}, {"role": "king"}, {"required": ["magic"]}, {"lead_minutes": -1}])
async def test_a_wrong_shift_is_told(house: House, body: dict[str, Any]) -> None:
    path = f"{BASE}/sessions/{house.session.session_id}/shifts"
    assert (await house.coordinator.post(path, {"role": "animator", **body})).status_code == 422


async def test_another_association_sees_and_plans_nothing_here(house: House, service_world: World) -> None:
    theirs = await service_world.organisation()
    director = await service_world.member(theirs, Role.director)
    shift = await house.shift()
    assert (await director.get(f"{BASE}/shifts")).json()["items"] == []
    for answer in (
        await director.get(f"{BASE}/shifts/{shift['id']}"),
        await director.get(f"{BASE}/shifts/{shift['id']}/candidates"),
        await director.post(f"{BASE}/shifts/{shift['id']}/cancellation", {}),
        await director.post(f"{BASE}/sessions/{house.session.session_id}/shifts", {"role": "animator"}),
    ):
        assert answer.status_code == 404, answer.text
