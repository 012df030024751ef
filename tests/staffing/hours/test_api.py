"""Hours over HTTP: recorded, approved once, valued, with an allowance within the ceilings over all associations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.staffing.conftest import Plan
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house, open_house

__all__ = ["house"]

WORK = {"title": "Atelier cirque", "starts_at": "2026-05-06T12:00:00Z", "ends_at": "2026-05-06T15:30:00Z"}


async def give(house: House, day_minor: int, first: str = "2025-01-01") -> None:
    """The association gives so much for a day and counts an hour at 15.00."""
    body = {
        "organisation_id": str(house.organisation_id),
        "volunteer_hour_value_minor": 1500,
        "volunteer_day_allowance_minor": day_minor,
        "valid_from": first,
    }
    await created(house.coordinator.post(f"{BASE}/hour-terms", body))


async def approve(house: House, hours: dict[str, Any]) -> dict[str, Any]:
    answer = await house.coordinator.change("PATCH", f"{BASE}/hours/{hours['id']}", {"state": "approved"}, version=1)
    assert answer.status_code == 200, answer.text
    approved: dict[str, Any] = answer.json()
    return approved


async def test_a_volunteer_records_hours_and_a_planner_approves_them(house: House) -> None:
    await give(house, 3000)
    person = await house.person(email="aicha@example.org")
    aicha = await house.linked(person)
    made = await created(aicha.post(f"{BASE}/people/{person['id']}/hours", {**WORK, "break_minutes": 30}))
    assert (made["minutes"], made["worked_on"], made["state"]) == (180, "2026-05-06", "recorded")
    path = f"{BASE}/hours/{made['id']}"
    assert (await aicha.change("PATCH", path, {"state": "approved"}, version=1)).status_code == 403
    approved = await approve(house, made)
    assert (approved["value_minor"], approved["allowance_minor"], approved["currency"]) == (4500, 3000, "EUR")
    late = await house.coordinator.change("PATCH", path, {"state": "refused"}, version=2)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/hours-are-decided")
    query = f"organisation_id={house.organisation_id}&first=2026-05-01&last=2026-05-31"
    (total,) = (await house.coordinator.get(f"{BASE}/hours/sums?{query}")).json()
    assert total == {
        "engagement": "volunteer", "people": 1, "minutes": 180, "value_minor": 4500, "allowance_minor": 3000,
    }  # fmt: skip
    assert [item["id"] for item in (await aicha.get(f"{BASE}/hours")).json()["items"]] == [made["id"]]


async def test_the_ceiling_of_a_day_counts_over_all_associations(
    house: House, service_world: World, databases_of: Callable[[str], ServiceDatabases], plan: Plan
) -> None:
    other = await open_house(service_world, databases_of, plan)
    here, there = await house.person(email="aicha@example.org"), await other.person(email="aicha@example.org")
    aicha = await house.linked(here)
    await other.linked(there, aicha)
    for place, person in ((house, here), (other, there)):
        await give(place, 3000)
        made = await created(aicha.post(f"{BASE}/people/{person['id']}/hours", WORK))
        approved = await approve(place, made)
    assert approved["allowance_minor"] == 4402 - 3000
    assert "volunteer_day_ceiling of BE since 2026-01-01" in approved["explanation"]


async def test_a_past_day_keeps_its_own_ceiling(house: House) -> None:
    await give(house, 9000)
    person = await house.person(started_on="2022-01-01")
    for year, ceiling in (("2025", 4231), ("2026", 4402)):
        times = {"starts_at": f"{year}-05-06T12:00:00Z", "ends_at": f"{year}-05-06T14:00:00Z"}
        made = await created(house.coordinator.post(f"{BASE}/people/{person['id']}/hours", {**WORK, **times}))
        assert (await approve(house, made))["allowance_minor"] == ceiling


async def test_an_employee_gets_no_allowance_and_without_terms_nobody_does(house: House) -> None:
    volunteer, employee = await house.person(), await house.person(kind="employee")
    first = await created(house.coordinator.post(f"{BASE}/people/{volunteer['id']}/hours", WORK))
    assert "no terms" in (await approve(house, first))["explanation"]
    await give(house, 3000)
    second = await created(house.coordinator.post(f"{BASE}/people/{employee['id']}/hours", WORK))
    approved = await approve(house, second)
    assert (approved["allowance_minor"], approved["engagement"]) == (0, "employee")


async def test_time_is_recorded_once_and_not_beforehand(house: House) -> None:
    person = await house.person()
    path = f"{BASE}/people/{person['id']}/hours"
    await created(house.coordinator.post(path, WORK))
    for times, problem in (
        ({"starts_at": "2026-05-06T15:00:00Z", "ends_at": "2026-05-06T16:00:00Z"}, "hours-are-recorded"),
        ({"starts_at": "2036-05-06T15:00:00Z", "ends_at": "2036-05-06T16:00:00Z"}, "hours-are-not-over"),
        ({"starts_at": "2026-05-06T18:00:00Z", "ends_at": "2026-05-06T17:00:00Z"}, "hours-are-reversed"),
    ):
        refused = await house.coordinator.post(path, {**WORK, **times})
        assert refused.json()["type"] == f"/problems/{problem}", refused.text
    twice = {"organisation_id": str(house.organisation_id), "valid_from": "2025-06-01"}
    await give(house, 3000)
    terms = {**twice, "volunteer_hour_value_minor": 1, "volunteer_day_allowance_minor": 1}
    assert (await house.coordinator.post(f"{BASE}/hour-terms", terms)).json()["type"] == "/problems/terms-overlap"


async def test_everybody_reads_the_rules_of_a_place_on_a_day(service_world: World) -> None:
    stranger = service_world.stranger()
    found = (await stranger.get(f"{BASE}/work-rules?jurisdiction=BE-FWB&on=2026-06-01")).json()["items"]
    assert {item["rule"] for item in found if item["jurisdiction"] == "EU"} == {
        "daily_rest", "weekly_rest", "weekly_hours_average",
    }  # fmt: skip
    (day,) = [item for item in found if item["rule"] == "volunteer_day_ceiling"]
    assert (day["value"]["amount_minor"], day["effect"], day["status"]) == (4402, "block", "verified")
    assert all(item["source"].startswith("https://") for item in found)
    early = (await stranger.get(f"{BASE}/work-rules?jurisdiction=BE&rule=daily_hours&on=2017-02-28")).json()["items"]
    assert early == []


async def test_others_read_and_decide_nothing(house: House, service_world: World) -> None:
    person = await house.person()
    made = await created(house.coordinator.post(f"{BASE}/people/{person['id']}/hours", WORK))
    for outsider in (
        await service_world.member(await service_world.organisation(), Role.director),
        await service_world.member(house.organisation_id, Role.animator),
    ):
        assert (await outsider.get(f"{BASE}/hours")).json()["items"] == []
        answer = await outsider.change("PATCH", f"{BASE}/hours/{made['id']}", {"state": "approved"}, version=1)
        assert answer.status_code == 404
        assert (await outsider.post(f"{BASE}/people/{person['id']}/hours", WORK)).status_code == 404
