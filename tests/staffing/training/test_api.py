"""A training over HTTP: enrolled for, attended, and the paper that it renews."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.partners import Role
from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]


async def training(house: House, in_days: int = 7, **fields: Any) -> dict[str, Any]:
    """A first aid course of one afternoon, whose paper holds for two years."""
    starts_at = (datetime.now(UTC) + timedelta(days=in_days)).replace(hour=12, minute=0, second=0, microsecond=0)
    body = {
        "organisation_id": str(house.organisation_id),
        "title": "Premiers secours",
        "kind": "first_aid",
        "issuer": "Croix-Rouge",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
        "places": 2,
        "valid_months": 24,
    }
    return await created(house.coordinator.post(f"{BASE}/trainings", {**body, **fields}))


def place(training: dict[str, Any], person: dict[str, Any]) -> str:
    return f"{BASE}/trainings/{training['id']}/trainees/{person['id']}"


async def test_who_was_there_has_a_paper_that_holds_again(house: House) -> None:
    shift = await house.shift(required=["first_aid"])
    noah, aicha = await house.person(), await house.person(display_name="Aïcha", email="a@example.org")
    own = await house.linked(aicha)
    course = await training(house, in_days=-3)
    assert "first aid" in (await house.assign(shift, aicha)).json()["detail"]
    assert (await house.coordinator.change("PUT", place(course, noah), {})).status_code == 200
    assert (await own.change("PUT", place(course, aicha), {})).json()["state"] == "enrolled"
    path = f"{BASE}/trainings/{course['id']}/attendance"
    answer = await house.coordinator.change("PUT", path, {"person_ids": [aicha["id"]]}, version=1)
    held = answer.json()
    states = {one["person_id"]: one["state"] for one in held["trainees"]}
    assert (held["state"], states) == ("held", {noah["id"]: "missed", aicha["id"]: "attended"})
    papers = (await own.get(f"{BASE}/qualifications?person_id={aicha['id']}")).json()["items"]
    (paper,) = [one for one in papers if one["kind"] == "first_aid"]
    last_day = datetime.fromisoformat(course["ends_at"]).date()
    assert (paper["issued_on"], paper["is_verified"]) == (last_day.isoformat(), True)
    assert paper["expires_on"] == last_day.replace(year=last_day.year + 2).isoformat()
    assert (await house.assign(shift, aicha)).status_code == 201
    again = await house.coordinator.change("PUT", path, {"person_ids": []}, version=2)
    assert again.json()["type"] == "/problems/training-is-not-planned"


async def test_places_are_given_once_and_given_back(house: House) -> None:
    course = await training(house, places=1)
    noah, aicha = await house.person(), await house.person()
    for _ in range(2):
        assert (await house.coordinator.change("PUT", place(course, noah), {})).status_code == 200
    full = await house.coordinator.change("PUT", place(course, aicha), {})
    assert full.json()["type"] == "/problems/training-is-full"
    assert (await house.coordinator.change("DELETE", place(course, noah))).json()["state"] == "withdrawn"
    assert (await house.coordinator.change("PUT", place(course, aicha), {})).status_code == 200


async def test_attendance_is_of_who_enrolled_and_after_the_end(house: House) -> None:
    noah = await house.person()
    early, past = await training(house), await training(house, in_days=-2)
    answers = [
        await house.coordinator.change(
            "PUT", f"{BASE}/trainings/{course['id']}/attendance", {"person_ids": [noah["id"]]}, version=1
        )
        for course in (early, past)
    ]
    assert [answer.json()["type"] for answer in answers] == [
        "/problems/training-is-not-over",
        "/problems/not-enrolled",
    ]
    cancelled = await house.coordinator.change("POST", f"{BASE}/trainings/{early['id']}/cancellation", {}, version=1)
    assert cancelled.json()["state"] == "cancelled"
    closed = await house.coordinator.change("PUT", place(early, noah), {})
    assert closed.json()["type"] == "/problems/training-is-not-planned"


async def test_colleagues_see_the_training_and_only_themselves_in_it(house: House, service_world: World) -> None:
    noah, aicha = await house.person(), await house.person(email="a@example.org")
    own = await house.linked(aicha)
    course = await training(house)
    for person in (noah, aicha):
        assert (await house.coordinator.change("PUT", place(course, person), {})).status_code == 200
    path = f"{BASE}/trainings/{course['id']}"
    assert [one["person_id"] for one in (await own.get(path)).json()["trainees"]] == [aicha["id"]]
    assert (await own.change("PUT", place(course, noah), {})).status_code == 404
    neighbour = await service_world.organisation()
    director = await service_world.member(neighbour, Role.director)
    assert (await director.get(path)).status_code == 404
    assert (await director.get(f"{BASE}/trainings")).json()["items"] == []
    assert (await director.change("PUT", place(course, noah), {})).status_code == 404
    assert (await director.change("PUT", f"{path}/attendance", {"person_ids": []}, version=1)).status_code == 404
