"""Coverage over HTTP: staff of the organiser see and change it, nobody else learns that it exists."""

from __future__ import annotations

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import World
from tests.staffing.conftest import Plan

BASE = "/api/staffing/v1"
AICHA = {"display_name": "Aïcha", "qualification": "qualified", "engagement": "volunteer"}


async def test_assigning_enough_people_covers_a_session(service_world: World, plan: Plan) -> None:
    organisation = await service_world.organisation()
    coordinator = await service_world.member(organisation, Role.coordinator)
    session = await plan(organisation, *[9] * 12)
    before = (await coordinator.get(f"{BASE}/sessions/{session.session_id}/coverage")).json()
    assert (before["supervisors_needed"], before["is_short"], before["supervisors"]) == (1, True, [])
    assert before["rule"] == "be_holiday_centre"

    assigned = await coordinator.post(f"{BASE}/sessions/{session.session_id}/supervisors", AICHA)
    assert assigned.status_code == 201, assigned.text
    after = (await coordinator.get(f"{BASE}/sessions/{session.session_id}/coverage")).json()
    assert (after["supervisors_present"], after["qualified_present"], after["is_short"]) == (1, 1, False)
    assert after["supervisors"] == [assigned.json()]
    assert after["version"] > before["version"]

    gone = await coordinator.change("DELETE", f"{BASE}/supervisors/{assigned.json()['id']}")
    assert gone.status_code == 204
    again = (await coordinator.get(f"{BASE}/sessions/{session.session_id}/coverage")).json()
    assert (again["is_short"], again["supervisors"]) == (True, [])
    assert (await coordinator.change("DELETE", f"{BASE}/supervisors/{assigned.json()['id']}")).status_code == 404


async def test_the_same_request_twice_assigns_once(service_world: World, plan: Plan) -> None:
    organisation = await service_world.organisation()
    animator = await service_world.member(organisation, Role.animator)
    session = await plan(organisation, 9)
    path = f"{BASE}/sessions/{session.session_id}/supervisors"
    first = await animator.post(path, AICHA, key="assign-aicha")
    assert (await animator.post(path, AICHA, key="assign-aicha")).json() == first.json()
    shown = (await animator.get(f"{BASE}/sessions/{session.session_id}/coverage")).json()
    assert len(shown["supervisors"]) == 1


async def test_an_account_is_assigned_once_and_never_shown(service_world: World, plan: Plan) -> None:
    organisation = await service_world.organisation()
    director = await service_world.member(organisation, Role.director)
    session = await plan(organisation, 9)
    body = {**AICHA, "account": {"issuer": "https://login.example", "subject": "aicha"}}
    path = f"{BASE}/sessions/{session.session_id}/supervisors"
    assigned = await director.post(path, body)
    assert assigned.json()["has_account"] is True
    assert "aicha" not in assigned.text
    assert (await director.post(path, body)).status_code == 409


async def test_short_sessions_to_come_are_listed_page_by_page(service_world: World, plan: Plan) -> None:
    organisation = await service_world.organisation()
    director = await service_world.member(organisation, Role.director)
    sessions = [await plan(organisation, 9) for _ in range(3)]
    await plan(organisation, 40)
    await plan(organisation, 9, starts_at=sessions[0].starts_at.replace(year=2020))
    first = (await director.get(f"{BASE}/coverage?short=true&upcoming=true&limit=2")).json()
    rest = (await director.get(f"{BASE}/coverage?short=true&upcoming=true&cursor={first['next_cursor']}")).json()
    assert rest["next_cursor"] is None
    listed = [item["session_id"] for item in first["items"] + rest["items"]]
    assert listed == sorted(str(session.session_id) for session in sessions)
    assert len((await director.get(f"{BASE}/coverage")).json()["items"]) == 5
    assert len((await director.get(f"{BASE}/coverage?short=false")).json()["items"]) == 1


async def test_another_organisation_sees_and_changes_nothing(service_world: World, plan: Plan) -> None:
    ours, theirs = await service_world.organisation(), await service_world.organisation()
    director = await service_world.member(ours, Role.director)
    session = await plan(ours, 9)
    path = f"{BASE}/sessions/{session.session_id}"
    assigned = (await director.post(f"{path}/supervisors", AICHA)).json()
    unknown = f"{BASE}/sessions/{new_id()}"
    for other in (
        await service_world.member(theirs, Role.director),
        await service_world.member(ours, Role.treasurer),
        await service_world.parent(ours, new_id()),
        service_world.stranger(),
    ):
        refused = await other.get(f"{path}/coverage")
        assert refused.status_code == 404
        assert refused.json()["type"] == (await other.get(f"{unknown}/coverage")).json()["type"]
        assert (await other.post(f"{path}/supervisors", AICHA)).status_code == 404
        assert (await other.change("DELETE", f"{BASE}/supervisors/{assigned['id']}")).status_code == 404
        assert (await other.get(f"{BASE}/coverage")).json()["items"] == []
    shown = (await director.get(f"{path}/coverage")).json()
    assert shown["supervisors"] == [assigned]


async def test_field_staff_of_a_co_host_read_the_numbers_and_change_nothing(service_world: World, plan: Plan) -> None:
    ours, theirs = await service_world.organisation(), await service_world.organisation()
    director = await service_world.member(ours, Role.director)
    shares = [{"organisation_id": one, "basis_points": 5000} for one in (ours, theirs)]
    session, _alone = await plan(ours, 9, cost_shares=shares), await plan(ours, 9)
    path = f"{BASE}/sessions/{session.session_id}"
    assigned = (await director.post(f"{path}/supervisors", AICHA)).json()
    seen_by_us = (await director.get(f"{path}/coverage")).json()

    co_host = await service_world.member(theirs, Role.animator)
    seen_by_them = (await co_host.get(f"{path}/coverage")).json()
    assert seen_by_them == {**seen_by_us, "supervisors": []}, "names of people stay with the association they work for"
    listed = (await co_host.get(f"{BASE}/coverage")).json()["items"]
    assert [item["session_id"] for item in listed] == [str(session.session_id)]
    assert (await co_host.post(f"{path}/supervisors", AICHA)).status_code == 404
    assert (await co_host.change("DELETE", f"{BASE}/supervisors/{assigned['id']}")).status_code == 404
    for other in (await service_world.member(theirs, Role.treasurer), service_world.stranger()):
        assert (await other.get(f"{path}/coverage")).status_code == 404
        assert (await other.get(f"{BASE}/coverage")).json()["items"] == []


async def test_nobody_learns_nothing_without_signing_in(service_world: World) -> None:
    nobody = service_world.nobody()
    for path in ("/coverage", f"/sessions/{new_id()}/coverage", "/supervision-rules"):
        assert (await nobody.get(BASE + path)).status_code == 401


async def test_everybody_signed_in_reads_the_rules_of_a_day(service_world: World) -> None:
    stranger = service_world.stranger()
    answer = await stranger.get(f"{BASE}/supervision-rules?jurisdiction=FR&rule=fr_periscolaire&on=2026-11-22")
    (rule,) = answer.json()["items"]
    assert (rule["status"], rule["valid_from"], rule["valid_to"]) == ("verified", "2018-09-01", None)
    assert rule["value"]["scales"][0] == {
        "minutes_max": 300,
        "younger_per_supervisor": 10,
        "older_per_supervisor": 14,
    }
    assert "associatheque.fr" in rule["source"]
    before = await stranger.get(f"{BASE}/supervision-rules?jurisdiction=FR&rule=fr_periscolaire&on=2018-08-31")
    assert before.json()["items"] == []
    assert len((await stranger.get(f"{BASE}/supervision-rules")).json()["items"]) == 4


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**AICHA, "display_name": ""},
        {**AICHA, "display_name": "a\u0000b"},
        {**AICHA, "display_name": "a" * 201},
        {**AICHA, "qualification": "expert"},
        {**AICHA, "account": {"issuer": "https://login.example"}},
        {**AICHA, "session_id": "of another session"},
    ],
)
async def test_a_wrong_body_is_told(service_world: World, plan: Plan, body: dict[str, object]) -> None:
    organisation = await service_world.organisation()
    director = await service_world.member(organisation, Role.director)
    session = await plan(organisation, 9)
    refused = await director.post(f"{BASE}/sessions/{session.session_id}/supervisors", body)
    assert refused.status_code == 422
    assert refused.json()["errors"]


@pytest.mark.parametrize("query", ["on=yesterday", "jurisdiction=%00", "cursor=nonsense", "limit=0"])
async def test_a_wrong_question_is_told(service_world: World, query: str) -> None:
    assert (await service_world.stranger().get(f"{BASE}/supervision-rules?{query}")).status_code == 422
