"""Who is away works on no shift: absences and approved leave free them, ask others, and say whom to telephone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from contracts.partners import Role
from contracts.staffing import CoverageRestored, CoverageShort, ShiftAssigned, ShiftReleased, SubstituteSought
from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]

FREED = (CoverageShort, CoverageRestored, ShiftAssigned, ShiftReleased, SubstituteSought)


def days(house: House, length: int = 1) -> dict[str, str]:
    first = house.session.starts_at.date()
    return {"first_on": first.isoformat(), "last_on": (first + timedelta(days=length - 1)).isoformat()}


def leave_days(house: House) -> dict[str, str]:
    day = house.session.starts_at.date().isoformat()
    return {"starts_on": day, "ends_on": day}


async def people_on(house: House, shift: dict[str, Any]) -> list[str]:
    found = (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()
    return [one["person_id"] for one in found["assignments"]]


async def test_one_act_frees_the_shifts_asks_others_and_says_whom_to_telephone(house: House) -> None:
    shift = await house.shift()
    noah = await house.person(kind="employee", display_name="Noah")
    mailed = await house.person(email="aicha@example.org", display_name="Aïcha")
    called = await house.person(phone="+32 470 12 34 56", display_name="Bart")
    await house.person(qualified=False, display_name="Chloé")
    await created(house.assign(shift, noah))
    answer = await created(house.coordinator.post(f"{BASE}/people/{noah['id']}/absences", days(house)))
    (search,) = answer["searches"]
    assert {one["person_id"] for one in search["asked"]} == {mailed["id"], called["id"]}
    assert [(one["display_name"], one["phone"]) for one in answer["to_telephone"]] == [("Bart", "+32 470 12 34 56")]
    assert (await house.coverage())["is_short"] is True
    assert (await house.coordinator.get(f"{BASE}/shifts/{shift['id']}")).json()["assignments"] == []
    refused = await house.assign(shift, noah, because="He comes all the same")
    assert "Is away" in refused.json()["detail"]
    (leave,) = (await house.coordinator.get(f"{BASE}/leaves?person_id={noah['id']}")).json()["items"]
    assert (leave["id"], leave["kind"], leave["state"]) == (answer["leave_id"], "absence", "approved")
    for query, found in ((f"from_on={leave['ends_on']}&until_on={leave['ends_on']}", 1), ("until_on=2020-01-01", 0)):
        assert len((await house.coordinator.get(f"{BASE}/leaves?{query}")).json()["items"]) == found
    announced = await house.told(CoverageShort, CoverageRestored, ShiftAssigned, ShiftReleased, SubstituteSought)
    assert [type(event) for event in announced[3:]] == [CoverageShort, ShiftReleased, SubstituteSought]


async def test_approving_leave_frees_the_shifts_of_its_days_and_asks_others(house: House) -> None:
    shift, next_day = await house.shift(), await house.free_shift(in_hours=48)
    noah = await house.person(kind="employee", email="noah@example.org")
    mailed = await house.person(email="aicha@example.org")
    called = await house.person(phone="+32 470 12 34 56", display_name="Bart")
    for duty in (shift, next_day):
        await created(house.assign(duty, noah))
    own = await house.linked(noah)
    asked = await created(own.post(f"{BASE}/people/{noah['id']}/leaves", leave_days(house)))
    assert (asked["state"], asked["searches"]) == ("requested", [])
    assert await people_on(house, shift) == [noah["id"]], "what is only asked for frees nothing"
    path, approved = f"{BASE}/leaves/{asked['id']}", {"state": "approved"}
    answer = (await house.coordinator.change("PATCH", path, approved, version=1)).json()
    (search,) = answer["searches"]
    assert (search["shift_id"], {one["person_id"] for one in search["asked"]}) == (
        shift["id"],
        {mailed["id"], called["id"]},
    )
    assert [one["display_name"] for one in answer["to_telephone"]] == ["Bart"]
    assert (await people_on(house, shift), await people_on(house, next_day)) == ([], [noah["id"]])
    told = [event for event in await house.told(*FREED) if not isinstance(event, ShiftAssigned)]
    assert [type(event) for event in told[-3:]] == [CoverageShort, ShiftReleased, SubstituteSought]
    assert isinstance(told[-2], ShiftReleased)
    assert told[-2].reason == "on_leave"
    again = await house.coordinator.change("PATCH", path, approved, version=2)
    assert (again.status_code, again.json()["searches"]) == (200, [])


async def test_leave_that_a_planner_records_frees_the_shifts_at_once(house: House) -> None:
    shift, noah = await house.shift(), await house.person()
    await created(house.assign(shift, noah))
    answer = await created(house.coordinator.post(f"{BASE}/people/{noah['id']}/leaves", leave_days(house)))
    assert (answer["state"], [one["shift_id"] for one in answer["searches"]]) == ("approved", [shift["id"]])
    assert await people_on(house, shift) == []
    assert "Is away" in (await house.assign(shift, noah, because="He comes all the same")).json()["detail"]


async def test_an_earlier_search_for_the_same_place_ends(house: House) -> None:
    shift, noah = await house.shift(), await house.person()
    await house.person(email="a@example.org")
    made = await created(house.assign(shift, noah))
    earlier = await created(house.coordinator.post(f"{BASE}/assignments/{made['id']}/substitute-requests", {}))
    answer = await created(house.coordinator.post(f"{BASE}/people/{noah['id']}/leaves", leave_days(house)))
    searches = (await house.coordinator.get(f"{BASE}/substitute-requests")).json()["items"]
    states = {one["id"]: one["state"] for one in searches}
    assert states == {earlier["id"]: "withdrawn", answer["searches"][0]["id"]: "open"}


async def test_nobody_is_assigned_while_his_leave_is_approved(house: House) -> None:
    """Both at the same moment: whichever is second gives way, so that nobody ends up on a shift in his leave."""
    for _ in range(8):
        shift, noah = await house.free_shift(), await house.person()
        leave = house.coordinator.post(f"{BASE}/people/{noah['id']}/leaves", leave_days(house))
        assigned, recorded = await asyncio.gather(house.assign(shift, noah), leave)
        assert recorded.status_code == 201
        assert assigned.status_code in (201, 409)
        assert await people_on(house, shift) == []


async def test_another_association_decides_no_leave(house: House, service_world: World) -> None:
    shift, noah = await house.shift(), await house.person(email="noah@example.org")
    await created(house.assign(shift, noah))
    own = await house.linked(noah)
    asked = await created(own.post(f"{BASE}/people/{noah['id']}/leaves", leave_days(house)))
    path, approved = f"{BASE}/leaves/{asked['id']}", {"state": "approved"}
    director = await service_world.member(await service_world.organisation(), Role.director)
    assert (await director.change("PATCH", path, approved, version=1)).status_code == 404
    assert (await own.change("PATCH", path, approved, version=1)).status_code == 403
    assert (await director.post(f"{BASE}/people/{noah['id']}/leaves", leave_days(house))).status_code == 404
    assert await people_on(house, shift) == [noah["id"]]
