"""Somebody cannot keep a duty: others are asked, the first who accepts has the place; two may exchange."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from contracts.partners import Role
from contracts.staffing import ShiftAssigned
from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]


def days(house: House, length: int = 1) -> dict[str, str]:
    first = house.session.starts_at.date()
    return {"first_on": first.isoformat(), "last_on": (first + timedelta(days=length - 1)).isoformat()}


async def test_the_first_who_accepts_has_the_place(house: House, service_world: World) -> None:
    shift = await house.shift()
    noah = await house.person(kind="employee", email="noah@example.org")
    first, second = await house.person(email="a@example.org"), await house.person(email="b@example.org")
    await created(house.assign(shift, noah))
    own = await house.linked(noah)
    accounts = [await house.linked(person) for person in (first, second)]
    told = await created(own.post(f"{BASE}/people/{noah['id']}/absences", days(house)))
    assert (told["searches"], told["to_telephone"]) == ([], []), "whom colleagues ask is not for him"
    (request,) = (await accounts[0].get(f"{BASE}/substitute-requests?state=open")).json()["items"]
    path = f"{BASE}/substitute-requests/{request['id']}/acceptance"
    assert (await service_world.stranger().post(path, {})).status_code == 404
    assert (await own.post(path, {})).status_code == 404
    taken = await accounts[0].post(path, {})
    assert (taken.json()["state"], taken.json()["taken_by_person_id"]) == ("filled", first["id"])
    late = await accounts[1].post(path, {})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/substitute-request-is-closed")
    assert (await house.coverage())["is_short"] is False
    assert [item["shift_id"] for item in (await accounts[0].get(f"{BASE}/assignments/mine")).json()] == [shift["id"]]


async def test_what_a_substitute_costs_more_is_announced(house: House) -> None:
    shift = await house.shift(lead_minutes=30)
    noah = await house.person(hour_cost_minor=1_000)
    aicha = await house.person(email="a@example.org", hour_cost_minor=2_400)
    await created(house.assign(shift, noah))
    own = await house.linked(aicha)
    await created(house.coordinator.post(f"{BASE}/people/{noah['id']}/absences", days(house)))
    (request,) = (await own.get(f"{BASE}/substitute-requests?state=open")).json()["items"]
    assert (await own.post(f"{BASE}/substitute-requests/{request['id']}/acceptance", {})).status_code == 200
    first, taken = await house.told(ShiftAssigned)
    assert isinstance(first, ShiftAssigned)
    assert isinstance(taken, ShiftAssigned)
    assert (first.extra_cost_minor, taken.extra_cost_minor, taken.currency) == (0, 3_500, "EUR")
    assert taken.activity_id == house.session.activity_id


async def test_who_asks_for_a_substitute_keeps_the_place_until_somebody_takes_it(house: House) -> None:
    shift = await house.shift()
    noah, aicha = await house.person(email="n@example.org"), await house.person(email="a@example.org")
    made = await created(house.assign(shift, noah))
    own, other = await house.linked(noah), await house.linked(aicha)
    request = await created(own.post(f"{BASE}/assignments/{made['id']}/substitute-requests", {}))
    assert (await house.coverage())["is_short"] is False
    assert (await other.post(f"{BASE}/substitute-requests/{request['id']}/acceptance", {})).status_code == 200
    (on_it,) = (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()["assignments"]
    assert on_it["person_id"] == aicha["id"]


async def test_who_asked_follows_the_request_and_takes_it_back(house: House, service_world: World) -> None:
    shift, noah = await house.shift(), await house.person(email="n@example.org")
    aicha = await house.person(email="a@example.org")
    made = await created(house.assign(shift, noah))
    own, other = await house.linked(noah), await house.linked(aicha)
    path = f"{BASE}/assignments/{made['id']}/substitute-requests"
    request = await created(own.post(path, {}))
    assert (request["assignment_id"], request["asked"], request["is_asked"]) == (made["id"], 1, False)
    again = await own.post(path, {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/substitute-is-sought")
    for person, is_asked in ((own, False), (other, True)):
        (seen,) = (await person.get(f"{BASE}/substitute-requests?state=open")).json()["items"]
        assert (seen["id"], seen["is_asked"]) == (request["id"], is_asked)
    back = f"{BASE}/substitute-requests/{request['id']}/withdrawal"
    assert (await other.post(back, {})).status_code == 404
    assert (await service_world.stranger().post(back, {})).status_code == 404
    assert (await own.post(back, {})).json()["state"] == "withdrawn"
    assert (await own.post(back, {})).status_code == 409
    assert [one["id"] for one in (await own.get(f"{BASE}/assignments/mine")).json()] == [made["id"]]


async def test_a_search_outlives_that_the_place_was_left(house: House) -> None:
    shift, noah = await house.shift(), await house.person(email="n@example.org")
    aicha = await house.person(email="a@example.org")
    made = await created(house.assign(shift, noah))
    own, other = await house.linked(noah), await house.linked(aicha)
    request = await created(own.post(f"{BASE}/assignments/{made['id']}/substitute-requests", {}))
    assert (await own.post(f"{BASE}/assignments/{made['id']}/release", {})).status_code == 200
    assert (await other.post(f"{BASE}/substitute-requests/{request['id']}/acceptance", {})).status_code == 200


async def test_only_duties_that_both_may_do_are_offered_for_an_exchange(house: House) -> None:
    mine = await house.shift()
    free, busy, other_role = [await house.free_shift(in_hours=hours, role="animator") for hours in (5, 1, 8)]
    noah, aicha, lea = [await house.person(email=f"{name}@example.org") for name in ("n", "a", "l")]
    made = await created(house.assign(mine, noah))
    hers = await created(house.assign(free, aicha))
    own, other = await house.linked(noah), await house.linked(aicha)
    path = f"{BASE}/assignments/{made['id']}/exchanges"
    await created(house.assign(busy, lea))
    offered = (await own.get(path)).json()
    assert [(one["assignment_id"], one["display_name"]) for one in offered][-1] == (hers["id"], aicha["display_name"])
    unqualified = await house.person(qualified=False)
    await created(house.assign(other_role, unqualified))
    assert len((await own.get(path)).json()) == len(offered), "who lacks the paper may not come instead"
    assert (await other.get(path)).status_code == 404


async def test_two_people_exchange_their_shifts_or_neither_does(house: House) -> None:
    morning, evening = await house.shift(), await house.free_shift(in_hours=5)
    noah, aicha = await house.person(email="n@example.org"), await house.person(email="a@example.org")
    mine, hers = await created(house.assign(morning, noah)), await created(house.assign(evening, aicha))
    own, other = await house.linked(noah), await house.linked(aicha)
    body = {"in_return_assignment_id": hers["id"]}
    request = await created(own.post(f"{BASE}/assignments/{mine['id']}/substitute-requests", body))
    path = f"{BASE}/substitute-requests/{request['id']}/acceptance"
    windows = f"{BASE}/people/{noah['id']}/availability"
    closed = {"weekday": house.session.starts_at.weekday(), "from_minute": 0, "to_minute": 1440, "kind": "unavailable"}
    version = (await own.get(windows)).json()["version"]
    assert (await own.change("PUT", windows, {"windows": [closed]}, version=version)).status_code == 200
    assert (await other.post(path, {})).json()["type"] == "/problems/may-not-be-assigned"
    assert (await own.change("PUT", windows, {"windows": []}, version=version + 1)).status_code == 200
    assert (await other.post(path, {})).status_code == 200
    for shift, person in ((morning, aicha), (evening, noah)):
        (on_it,) = (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()["assignments"]
        assert on_it["person_id"] == person["id"]


async def test_others_report_and_take_nothing(house: House, service_world: World) -> None:
    shift, noah = await house.shift(), await house.person()
    made = await created(house.assign(shift, noah))
    director = await service_world.member(await service_world.organisation(), Role.director)
    answers: list[Any] = [
        await director.post(f"{BASE}/people/{noah['id']}/absences", days(house)),
        await director.post(f"{BASE}/assignments/{made['id']}/substitute-requests", {}),
    ]
    request = await created(house.coordinator.post(f"{BASE}/assignments/{made['id']}/substitute-requests", {}))
    answers.append(await director.post(f"{BASE}/substitute-requests/{request['id']}/withdrawal", {}))
    answers.append(await director.post(f"{BASE}/substitute-requests/{request['id']}/acceptance", {}))
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await director.get(f"{BASE}/substitute-requests")).json()["items"] == []
    withdrawn = await house.coordinator.post(f"{BASE}/substitute-requests/{request['id']}/withdrawal", {})
    assert withdrawn.json()["state"] == "withdrawn"
