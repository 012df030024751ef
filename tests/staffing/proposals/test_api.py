"""Proposals over HTTP: asked for, made by the worker, read with reasons, accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from common.database import Database
from common.due_rows import DueRow
from contracts.partners import Role
from staffing.run_worker import JOBS
from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]


async def proposed(house: House, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask, let the worker do its job, and read."""
    asked = await house.coordinator.post(path, body)
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "requested"
    database = Database()
    database.connect(house.databases_of("staffing").urls["worker"], 2)
    due = DueRow("solve_proposal", UUID(asked.json()["id"]), house.organisation_id, 1)
    await JOBS["solve_proposal"](database, due)
    await database.close()
    answer: dict[str, Any] = (await house.coordinator.get(f"{BASE}/proposals/{asked.json()['id']}")).json()
    return answer


def week(house: House) -> dict[str, Any]:
    first = house.session.starts_at - timedelta(days=1)
    times = {"from_at": first.isoformat(), "until_at": (first + timedelta(days=7)).isoformat()}
    return {"organisation_id": str(house.organisation_id), **times}


async def test_a_rota_is_proposed_with_reasons_and_accepted(house: House) -> None:
    shift, later = await house.shift(places=2), await house.free_shift(in_hours=4)
    qualified = [await house.person(display_name=name) for name in ("Aïcha", "Bart")]
    unqualified = await house.person(qualified=False, display_name="Chloé")
    answer = await proposed(house, f"{BASE}/proposals", week(house))
    assert (answer["state"], answer["figures"]["status"], answer["figures"]["gap"]) == ("ready", "optimal", 0)
    found = {item["shift_id"]: item for item in answer["shifts"]}
    assert sorted(found[shift["id"]]["proposed"]) == sorted(person["id"] for person in qualified)
    (reason,) = found[shift["id"]]["not_proposed"]
    assert (reason["person_id"], reason["reason"]) == (unqualified["id"], "papers")
    assert reason["facts"] == {"kind": "animator_certificate"}
    assert found[later["id"]]["proposed"] == [unqualified["id"]], "who has no shift yet comes first"
    assert {item["reason"] for item in found[later["id"]]["not_proposed"]} == {"load_is_fairer_so"}

    path = f"{BASE}/proposals/{answer['id']}/acceptance"
    accepted = (await house.coordinator.post(path, {"without_shift_ids": [later["id"]]})).json()
    assert (accepted["proposal"]["state"], accepted["refused"]) == ("accepted", [])
    assert (await house.coverage())["qualified_present"] == 2
    assert (await house.coordinator.get(f"{BASE}/shifts/{later['id']}")).json()["assignments"] == []
    again = await house.coordinator.post(path, {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/proposal-is-not-ready")


async def test_what_changed_meanwhile_is_judged_again(house: House) -> None:
    shift, aicha = await house.shift(), await house.person()
    answer = await proposed(house, f"{BASE}/sessions/{house.session.session_id}/proposals", {})
    day = house.session.starts_at.date().isoformat()
    await created(house.coordinator.post(f"{BASE}/people/{aicha['id']}/leaves", {"starts_on": day, "ends_on": day}))
    accepted = (await house.coordinator.post(f"{BASE}/proposals/{answer['id']}/acceptance", {})).json()
    (refused,) = accepted["refused"]
    assert (refused["shift_id"], refused["person_id"]) == (shift["id"], aicha["id"])
    assert (refused["reason"], refused["facts"]) == ("leave", {"first_on": day, "last_on": day})


async def test_nothing_to_propose_is_told(house: House) -> None:
    answer = await proposed(house, f"{BASE}/proposals", week(house))
    assert (answer["state"], answer["explanation"]) == ("failed", "No shift of this time has a free place.")


async def test_others_get_no_proposal(house: House, service_world: World) -> None:
    await house.shift()
    await house.person()
    answer = await proposed(house, f"{BASE}/proposals", week(house))
    director = await service_world.member(await service_world.organisation(), Role.director)
    assert (await director.get(f"{BASE}/proposals/{answer['id']}")).status_code == 404
    assert (await director.post(f"{BASE}/proposals/{answer['id']}/acceptance", {})).status_code == 404
    assert (await director.post(f"{BASE}/proposals", week(house))).status_code == 403
    path = f"{BASE}/sessions/{house.session.session_id}/proposals"
    assert (await director.post(path, {})).status_code == 404
