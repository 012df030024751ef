"""Sessions over HTTP: planned, found, changed, called off; and what two people do at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import World
from tests.factories.activities import BASE, Organiser, booking_body, created, make_organiser, make_participant

SESSIONS = f"{BASE}/sessions"


def series_body(organiser: Organiser, **changes: Any) -> dict[str, Any]:
    first = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(days=3)
    return {
        "activity_id": str(organiser.activity_id),
        "site_id": str(organiser.site_id),
        "title": "Atelier cirque",
        "capacity": 10,
        "prices": {"standard": 500},
        "first_starts_at_local": first.isoformat(),
        "duration_minutes": 90,
        "rule": "FREQ=WEEKLY;COUNT=3",
        **changes,
    }


async def test_every_date_of_a_series_is_shown_before_it_is_planned(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    plan = series_body(organiser)
    names = ("activity_id", "site_id", "first_starts_at_local", "duration_minutes", "rule")
    recurrence = {name: plan[name] for name in names}
    path = f"{SESSIONS}/series/preview"
    shown = (await organiser.director.post(path, {**recurrence, "language": "nl"})).json()
    planned = created(await organiser.director.post(f"{SESSIONS}/series", plan))
    assert [day["starts_at"] for day in shown["days"]] == [session["starts_at"] for session in planned["sessions"]]
    assert shown["time_zone"] == "Europe/Brussels"
    endless = await organiser.director.post(path, {**recurrence, "rule": "FREQ=WEEKLY"})
    assert (endless.status_code, endless.json()["type"]) == (422, "/problems/invalid-recurrence")
    assert (await service_world.nobody().post(path, recurrence)).status_code == 401


async def test_a_series_is_planned_at_once_or_not_at_all(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    series = created(await organiser.director.post(f"{SESSIONS}/series", series_body(organiser)))
    assert len(series["sessions"]) == 3
    assert {session["series_id"] for session in series["sessions"]} == {series["series_id"]}
    found = await organiser.director.get(SESSIONS, params={"series_id": series["series_id"]})
    assert found.json()["items"] == series["sessions"]
    past = series_body(organiser, first_starts_at_local="2020-01-01T14:00:00")
    refused = await organiser.director.post(f"{SESSIONS}/series", past)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/starts-in-the-past")


async def test_sessions_are_found_by_what_somebody_looks_for(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    sooner, later = await organiser.session(in_days=5), await organiser.session(in_days=9)
    path = f"{SESSIONS}/{later['id']}/cancellation"
    await organiser.director.post(path, {"reason": "Storm"}, headers={"If-Match": '"1"'})
    between = {
        "starts_from": sooner["starts_at"],
        "starts_before": later["starts_at"],
        "organisation_id": str(organiser.organisation_id),
    }
    for params, expected in [
        ({"activity_id": str(organiser.activity_id)}, [sooner, later]),
        ({"organisation_id": str(organiser.organisation_id)}, [sooner, later]),
        ({"site_id": str(organiser.site_id), "state": "scheduled"}, [sooner]),
        ({"site_id": str(organiser.site_id), "state": "cancelled"}, [later]),
        (between, [sooner]),
        ({"site_id": str(new_id())}, []),
    ]:
        found = (await service_world.nobody().get(SESSIONS, params=params)).json()["items"]
        assert [session["id"] for session in found] == [session["id"] for session in expected]


async def test_a_session_is_changed_by_the_version_that_was_read(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(age_from=6)
    path = f"{SESSIONS}/{session['id']}"
    assert (await organiser.director.get(path)).headers["ETag"] == '"1"'
    change = {"title": "Clown", "capacity": 4, "age_from": None, "accessibility": ["ramp"], "prices": {"solo": 1}}
    changed = await organiser.director.change("PATCH", path, change, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json() == {**session, **change, "version": 2, "places_free": 4}
    assert (await organiser.director.change("PATCH", path, change, version=1)).status_code == 412
    assert (await organiser.director.change("PATCH", path, change)).status_code == 428


async def test_of_two_changes_at_once_one_is_told_to_look_again(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    path = f"{SESSIONS}/{session['id']}"
    raced = await asyncio.gather(
        *(organiser.director.change("PATCH", path, {"capacity": capacity}, version=1) for capacity in (20, 30, 40))
    )
    assert sorted(answer.status_code for answer in raced) == [200, 412, 412]


async def test_bookings_and_the_end_of_a_session_at_once_leave_no_place_behind(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    people = [await make_participant(organiser.director, organiser.organisation_id) for _ in range(6)]
    session = await organiser.session(capacity=4)
    cancel = {"path": f"{SESSIONS}/{session['id']}/cancellation", "body": {"reason": "Storm"}}
    bookings = [organiser.director.post(f"{BASE}/bookings", booking_body(session, person)) for person in people]
    answers = await asyncio.gather(
        *bookings[:3],
        organiser.director.post(**cancel, headers={"If-Match": '"1"'}),
        organiser.director.change("PATCH", f"{SESSIONS}/{session['id']}", {"capacity": 5}, version=1),
        *bookings[3:],
    )
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 201, 409, 412}
    late = await organiser.director.post(f"{BASE}/bookings", booking_body(session, people[0]))
    if answers[3].status_code == 200:
        assert (late.status_code, late.json()["type"]) == (409, "/problems/session-not-open")


async def test_only_planners_plan_and_the_team_reads_drafts(service_world: World) -> None:
    organiser = await make_organiser(service_world, publish=False)
    session = await organiser.session()
    path = f"{SESSIONS}/{session['id']}"
    body = {key: session[key] for key in ("activity_id", "site_id", "title", "capacity", "prices")}
    body |= {"starts_at": session["starts_at"], "ends_at": session["ends_at"]}
    reads = {Role.director, Role.coordinator, Role.animator, Role.volunteer}
    for role in Role:
        member = await service_world.member(organiser.organisation_id, role)
        assert (await member.get(path)).status_code == (200 if role in reads else 404)
        planned = await member.post(SESSIONS, body)
        changed = await member.change("PATCH", path, {"title": "Other"}, version=99)
        cancelled = await member.post(f"{path}/cancellation", {"reason": "?"}, headers={"If-Match": '"99"'})
        statuses = [answer.status_code for answer in (planned, changed, cancelled)]
        assert statuses == ([201, 412, 412] if role in (Role.director, Role.coordinator) else [404, 404, 404])


async def test_others_see_published_sessions_and_change_none(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    share = {"organisation_id": str(organiser.organisation_id), "basis_points": 10_000}
    session = await organiser.session(cost_shares=[share])
    draft = await (await make_organiser(service_world, publish=False)).session()
    neighbour = await service_world.member(await service_world.organisation(), Role.director)
    for person in (neighbour, service_world.stranger()):
        seen = await person.get(f"{SESSIONS}/{session['id']}")
        assert (seen.status_code, seen.json()["cost_shares"]) == (200, [])
        assert (await person.get(f"{SESSIONS}/{draft['id']}")).status_code == 404
        for target, status in ((session, 403), (draft, 404), ({"id": str(new_id())}, 404)):
            path = f"{SESSIONS}/{target['id']}"
            assert (await person.change("PATCH", path, {"title": "Mine"}, version=1)).status_code == status
            cancelled = await person.post(f"{path}/cancellation", {"reason": "?"}, headers={"If-Match": '"1"'})
            assert cancelled.status_code == status
    assert (await organiser.director.get(f"{SESSIONS}/{session['id']}")).json()["cost_shares"] == [share]


BAD_SESSIONS: list[dict[str, Any]] = [
    {"capacity": 0},
    {"capacity": -1},
    {"capacity": 10_001},
    {"capacity": 1.5},
    {"minimum": 11},
    {"age_from": 12, "age_to": 6},
    {"age_to": 121},
    {"prices": {}},
    {"prices": {"Gold!": 1}},
    {"prices": {"standard": -1}},
    {"prices": {"standard": 10**12}},
    {"prices": {"standard": "5"}},
    {"starts_at": "2020-01-01T10:00:00Z", "ends_at": "2020-01-01T11:00:00Z"},
    {"starts_at": "9999-12-31T23:59:59Z", "ends_at": "9999-12-31T23:59:59Z"},
    {"starts_at": "0001-01-01T00:00:00+14:00"},
    {"starts_at": "2027-01-01T10:00:00"},
    {"starts_at": "2027-01-01T10:00:00Z", "ends_at": "2027-01-01T10:00:00Z"},
    {"starts_at": "2027-01-01T10:00:00Z", "ends_at": "2027-02-01T10:00:00Z"},
    {"site_id": str(new_id())},
    {"cost_shares": [{"organisation_id": str(new_id()), "basis_points": 10_000}]},
    {"cost_shares": [{"organisation_id": str(new_id()), "basis_points": 9_999}]},
    {"supervision": "strict"},
    {"title": "NUL \x00"},
    {"accessibility": ["x"] * 21},
    {"organisation_id": str(new_id())},
]


@pytest.mark.parametrize("fault", BAD_SESSIONS)
async def test_an_impossible_session_is_refused_and_leaves_nothing(service_world: World, fault: dict[str, Any]) -> None:
    organiser = await make_organiser(service_world)
    starts_at = datetime.now(UTC) + timedelta(days=2)
    body = {
        "activity_id": str(organiser.activity_id),
        "site_id": str(organiser.site_id),
        "title": "Atelier cirque",
        "capacity": 10,
        "prices": {"standard": 500},
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
    }
    assert (await organiser.director.post(SESSIONS, {**body, **fault})).status_code == 422
    found = await organiser.director.get(SESSIONS, params={"activity_id": str(organiser.activity_id)})
    assert found.json()["items"] == []


BAD_SERIES: list[dict[str, Any]] = [
    {"rule": "FREQ=WEEKLY"},
    {"rule": "FREQ=SECONDLY;COUNT=5"},
    {"rule": "FREQ=WEEKLY;COUNT=2 "},
    {"rule": ""},
    {"rule": "X" * 501},
    {"duration_minutes": 4},
    {"duration_minutes": 2_881},
    {"first_starts_at_local": "2027-01-01T10:00:00Z"},
    {"first_starts_at_local": "9999-12-31T23:59:59"},
    {"except_on": ["2027-02-30"]},
    {"except_on": ["2027-01-01"] * 101},
]


@pytest.mark.parametrize("fault", BAD_SERIES)
async def test_an_impossible_series_is_refused(service_world: World, fault: dict[str, Any]) -> None:
    organiser = await make_organiser(service_world)
    assert (await organiser.director.post(f"{SESSIONS}/series", series_body(organiser, **fault))).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": "2027-01-01T10:00:00Z"},
        {"ends_at": "2027-01-01T10:00:00Z"},
        {"capacity": 0},
        {"minimum": 11},
        {"state": "completed"},
        {"activity_id": str(new_id())},
    ],
)
async def test_an_impossible_change_is_refused_and_changes_nothing(
    service_world: World, change: dict[str, Any]
) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session()
    path = f"{SESSIONS}/{session['id']}"
    assert (await organiser.director.change("PATCH", path, change, version=1)).status_code == 422
    assert (await organiser.director.get(path)).json() == session


@pytest.mark.parametrize("query", ["starts_from=0001-01-01T00:00:00%2B14:00", "starts_from=2026-01-01", "state=gone",
                                   "site_id=1", "limit=0", "limit=201", "cursor=%00"])  # fmt: skip
async def test_an_impossible_question_is_refused(service_world: World, query: str) -> None:
    assert (await service_world.nobody().get(f"{SESSIONS}?{query}")).status_code == 422


async def test_ids_that_are_none_are_told(service_world: World) -> None:
    assert (await service_world.nobody().get(f"{SESSIONS}/{UUID(int=0)}")).status_code == 404
    assert (await service_world.nobody().get(f"{SESSIONS}/1")).status_code == 422
