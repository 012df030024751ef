"""Risk sheets and checklists over HTTP: planners write, the field staff of the organiser read."""

from __future__ import annotations

from typing import Any

from contracts.partners import Role
from tests.factories.accounts import World
from tests.factories.activities import BASE, make_organiser

RISK: dict[str, Any] = {
    "hazard": "Fall from the trapeze", "exposed": "Children", "likelihood": 2, "severity": 4,
    "measure": "Mats, one supervisor below", "responsible": "Animator",
}  # fmt: skip
SHEET = {"reviewed_on": "2026-01-15", "risks": [RISK]}


async def test_a_planner_writes_the_risk_sheet_by_the_version_he_read(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    path = f"{BASE}/activities/{organiser.activity_id}/risk-sheet"
    animator = await service_world.member(organiser.organisation_id, Role.animator)
    empty = await animator.get(path)
    assert (empty.headers["ETag"], empty.json()["reviewed_on"], empty.json()["risks"]) == ('"0"', None, [])
    assert (await animator.change("PUT", path, SHEET, version=0)).status_code == 403
    assert (await organiser.director.change("PUT", path, SHEET)).status_code == 428
    for version in (0, 1):
        written = await organiser.director.change("PUT", path, SHEET, version=version)
        assert (written.status_code, written.headers["ETag"]) == (200, f'"{version + 1}"')
        assert (await organiser.director.change("PUT", path, SHEET, version=version)).status_code == 412
    shown = (await animator.get(path)).json()
    assert shown["risks"] == [{**RISK, "weight": 8}]
    future = await organiser.director.change("PUT", path, {**SHEET, "reviewed_on": "2099-01-01"}, version=2)
    assert (future.status_code, future.json()["type"]) == (422, "/problems/reviewed-in-the-future")


async def test_a_checklist_keeps_the_items_that_are_named_again(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    director, path = organiser.director, f"{BASE}/activities/{organiser.activity_id}/checklist"
    items = [{"task": "Exits are free", "is_required": True}, {"task": "Music", "is_required": False}]
    first = (await director.change("PUT", path, {"items": items}, version=0)).json()
    kept = {**first["items"][1], "task": "Music is ready"}
    changed = (await director.change("PUT", path, {"items": [kept, {**items[0], "task": "Mats"}]}, version=1)).json()
    assert [item["task"] for item in changed["items"]] == ["Music is ready", "Mats"]
    assert changed["items"][0]["id"] == first["items"][1]["id"]
    gone = await director.change("PUT", path, {"items": [first["items"][0]]}, version=2)
    assert (gone.status_code, gone.json()["type"]) == (422, "/problems/unknown-checklist-item")


async def test_nobody_else_reads_what_an_association_fears(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    path = f"{BASE}/activities/{organiser.activity_id}"
    await organiser.director.change("PUT", f"{path}/risk-sheet", SHEET, version=0)
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    volunteer = await service_world.member(organiser.organisation_id, Role.volunteer)
    for outsider in (neighbour, volunteer, service_world.stranger()):
        for what in ("risk-sheet", "checklist"):
            assert (await outsider.get(f"{path}/{what}")).status_code == 403
    assert (await service_world.nobody().get(f"{path}/risk-sheet")).status_code == 401
