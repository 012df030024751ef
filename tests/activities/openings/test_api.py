"""Opening a session over HTTP: what is missing is said, a director passes it with a reason, others do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World
from tests.factories.activities import BASE, Organiser, created, make_organiser

# In a minute: today on the clock of its site, except in the last minute of a day.
SOON_DAYS = 1 / 1_440
REASON = "The inspector is here and agrees"


async def make_ready(world: World) -> tuple[Organiser, str, list[str]]:
    """A session of today with a risk sheet and a checklist of a required and another item."""
    organiser = await make_organiser(world)
    director, path = organiser.director, f"{BASE}/activities/{organiser.activity_id}"
    sheet = {"reviewed_on": datetime.now(UTC).date().isoformat(), "risks": []}
    assert (await director.change("PUT", f"{path}/risk-sheet", sheet, version=0)).status_code == 200
    items = [{"task": "Exits are free", "is_required": True}, {"task": "Music", "is_required": False}]
    listed = (await director.change("PUT", f"{path}/checklist", {"items": items}, version=0)).json()["items"]
    session = await organiser.session(in_days=SOON_DAYS)
    return organiser, f"{BASE}/sessions/{session['id']}", [item["id"] for item in listed]


def failing(answer: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in answer["findings"] if not finding["is_met"]]


async def test_a_rule_that_fails_blocks_until_it_is_met(service_world: World) -> None:
    organiser, path, (exits, _music) = await make_ready(service_world)
    noah = await service_world.member(organiser.organisation_id, Role.animator)
    assert failing((await noah.get(f"{path}/opening")).json()) == ["checklist_ticked"]
    refused = await noah.post(f"{path}/opening", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/safety-rule-fails")
    assert "Exits are free" in refused.json()["detail"]
    for _ in range(2):
        ticked = created(await noah.post(f"{path}/checklist-ticks", {"item_id": exits}))
        assert ticked["ticked_by_me"]
        assert ticked["ticked_at"]
    opened = created(await noah.post(f"{path}/opening", {}))
    assert (failing(opened), opened["opening"]["override_reason"]) == ([], None)
    again = await noah.post(f"{path}/opening", {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/opened-before")
    late = await noah.change("DELETE", f"{path}/checklist-ticks/{exits}", None)
    assert late.json()["type"] == "/problems/opened-before", "what was looked at stays as it was"


async def test_a_tick_is_taken_back_before_the_opening(service_world: World) -> None:
    organiser, path, (exits, _music) = await make_ready(service_world)
    director = organiser.director
    created(await director.post(f"{path}/checklist-ticks", {"item_id": exits}))
    assert (await director.change("DELETE", f"{path}/checklist-ticks/{exits}", None)).status_code == 204
    assert failing((await director.get(f"{path}/opening")).json()) == ["checklist_ticked"]


async def test_only_a_director_passes_a_rule_and_the_reason_is_kept(service_world: World) -> None:
    organiser, path, _items = await make_ready(service_world)
    for role in (Role.animator, Role.coordinator):
        staff = await service_world.member(organiser.organisation_id, role)
        assert (await staff.post(f"{path}/opening", {"override_reason": REASON})).status_code == 403
    assert (await organiser.director.post(f"{path}/opening", {"override_reason": "  "})).status_code == 422
    created(await organiser.director.post(f"{path}/opening", {"override_reason": REASON}))
    shown = (await organiser.director.get(f"{path}/opening")).json()
    assert (failing(shown), shown["opening"]["override_reason"]) == (["checklist_ticked"], REASON)


async def test_a_session_is_not_opened_before_its_day(service_world: World) -> None:
    organiser, _path, _items = await make_ready(service_world)
    later = await organiser.session(in_days=3)
    early = await organiser.director.post(f"{BASE}/sessions/{later['id']}/opening", {})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-the-day")


async def test_who_is_not_of_the_field_staff_sees_and_opens_nothing(service_world: World) -> None:
    organiser, path, (exits, _music) = await make_ready(service_world)
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    volunteer = await service_world.member(organiser.organisation_id, Role.volunteer)
    outsiders: tuple[Person, ...] = (neighbour, volunteer, service_world.stranger())
    for outsider in outsiders:
        assert (await outsider.get(f"{path}/opening")).status_code == 403
        assert (await outsider.post(f"{path}/opening", {"override_reason": REASON})).status_code == 403
        assert (await outsider.post(f"{path}/checklist-ticks", {"item_id": exits})).status_code == 403


async def test_another_rule_is_another_row(
    service_world: World, databases_of: Callable[[str], ServiceDatabases]
) -> None:
    organiser, path, _items = await make_ready(service_world)
    owner = databases_of("activities").engine("owner")
    where = "jurisdiction = 'BE' and rule = 'checklist_ticked'"
    async with owner.begin() as connection:
        await connection.execute(text(f"update safety_rules set effect = 'warn' where {where}"))
    try:
        opened = created(await organiser.director.post(f"{path}/opening", {}))
    finally:
        async with owner.begin() as connection:
            await connection.execute(text(f"update safety_rules set effect = 'block' where {where}"))
    (finding,) = [one for one in opened["findings"] if not one["is_met"]]
    assert (finding["rule"], finding["effect"]) == ("checklist_ticked", "warn")
