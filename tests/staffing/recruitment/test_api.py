"""A call for volunteers over HTTP: published, applied for, decided; who is accepted becomes a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from common.database import Database
from common.due_rows import DueRow
from contracts.partners import Role
from contracts.staffing import ApplicationReceived, PersonChanged
from staffing.run_worker import JOBS
from tests.factories.accounts import World
from tests.staffing.people.making import BASE
from tests.staffing.shifts.making import House, created, house

__all__ = ["house"]

APPLICANT = {"display_name": "Zoé Martin", "email": "zoe@example.org", "message": "J'aime le cirque."}


async def vacancy(house: House, **fields: Any) -> dict[str, Any]:
    """A published call for one volunteer unless told otherwise."""
    body = {
        "organisation_id": str(house.organisation_id),
        "title": "Animateurs pour l'été",
        "footing": "volunteer",
        "role": "animator",
        "starts_on": "2026-07-01",
    }
    made = await created(house.coordinator.post(f"{BASE}/vacancies", {**body, **fields}))
    path = f"{BASE}/vacancies/{made['id']}"
    published: dict[str, Any] = (
        await house.coordinator.change("PATCH", path, {"state": "published"}, version=1)
    ).json()
    return published


async def test_who_is_accepted_is_a_person_with_his_account(house: House, service_world: World) -> None:
    call = await vacancy(house)
    zoe = service_world.stranger()
    assert call["id"] in {one["id"] for one in (await zoe.get(f"{BASE}/vacancies")).json()["items"]}
    applied = await created(zoe.post(f"{BASE}/vacancies/{call['id']}/applications", APPLICANT))
    (told,) = await house.told(ApplicationReceived)
    assert isinstance(told, ApplicationReceived)
    assert (str(told.application_id), told.title) == (applied["id"], call["title"])
    twice = await zoe.post(f"{BASE}/vacancies/{call['id']}/applications", APPLICANT)
    assert twice.json()["type"] == "/problems/has-applied"
    path = f"{BASE}/applications/{applied['id']}"
    invited = {"state": "interview", "interview_at": "2026-06-01T16:00:00Z"}
    assert (await house.coordinator.change("PATCH", path, invited, version=1)).status_code == 200
    accepted = (await house.coordinator.change("PATCH", path, {"state": "accepted"}, version=2)).json()
    assert accepted["state"] == "accepted"
    (record,) = (await zoe.get(f"{BASE}/people/mine")).json()
    assert (record["id"], record["kind"], record["has_account"]) == (accepted["person_id"], "volunteer", True)
    assert await house.told(PersonChanged)
    late = await house.coordinator.change("PATCH", path, {"state": "refused"}, version=3)
    assert late.json()["type"] == "/problems/application-is-decided"


async def test_everybody_reads_what_is_published_and_nothing_else(house: House, service_world: World) -> None:
    call, nobody = await vacancy(house), service_world.nobody()
    body = {"organisation_id": str(house.organisation_id), "title": "Draft", "footing": "volunteer", "role": "animator"}
    draft = await created(house.coordinator.post(f"{BASE}/vacancies", {**body, "starts_on": "2026-07-01"}))
    shown = {one["id"] for one in (await nobody.get(f"{BASE}/vacancies")).json()["items"]}
    assert (call["id"] in shown, draft["id"] in shown) == (True, False)
    assert (await nobody.get(f"{BASE}/vacancies/{call['id']}")).status_code == 200
    assert (await nobody.get(f"{BASE}/vacancies/{draft['id']}")).status_code == 404
    assert (await nobody.post(f"{BASE}/vacancies/{call['id']}/applications", APPLICANT)).status_code == 401


async def test_no_more_are_accepted_than_there_are_places(house: House, service_world: World) -> None:
    call = await vacancy(house)
    answers = []
    for number in range(2):
        body = {**APPLICANT, "email": f"{number}@example.org"}
        applied = await created(service_world.stranger().post(f"{BASE}/vacancies/{call['id']}/applications", body))
        path = f"{BASE}/applications/{applied['id']}"
        answers.append(await house.coordinator.change("PATCH", path, {"state": "accepted"}, version=1))
    assert answers[0].status_code == 200
    assert answers[1].json()["type"] == "/problems/vacancy-is-filled"


async def test_somebody_who_works_here_already_is_not_recorded_twice(house: House) -> None:
    call = await vacancy(house)
    aicha = await house.linked(await house.person(email="aicha@example.org"))
    applied = await created(aicha.post(f"{BASE}/vacancies/{call['id']}/applications", APPLICANT))
    path = f"{BASE}/applications/{applied['id']}"
    refused = await house.coordinator.change("PATCH", path, {"state": "accepted"}, version=1)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/account-is-linked")


async def test_what_is_not_published_is_not_seen_and_not_applied_for(house: House, service_world: World) -> None:
    body = {"title": "Secret", "footing": "employee", "role": "coordinator", "starts_on": "2026-07-01"}
    body["organisation_id"] = str(house.organisation_id)
    draft = await created(house.coordinator.post(f"{BASE}/vacancies", body))
    zoe = service_world.stranger()
    assert (await zoe.get(f"{BASE}/vacancies/{draft['id']}")).status_code == 404
    assert (await zoe.post(f"{BASE}/vacancies/{draft['id']}/applications", APPLICANT)).status_code == 404
    over = await vacancy(house, apply_until="2026-01-31")
    late = await zoe.post(f"{BASE}/vacancies/{over['id']}/applications", APPLICANT)
    assert late.json()["type"] == "/problems/vacancy-is-not-open"


async def test_applications_are_for_who_recruits_and_who_applied(house: House, service_world: World) -> None:
    call = await vacancy(house)
    zoe, other = service_world.stranger(), service_world.stranger()
    applied = await created(zoe.post(f"{BASE}/vacancies/{call['id']}/applications", APPLICANT))
    path = f"{BASE}/applications/{applied['id']}"
    director = await service_world.member(await service_world.organisation(), Role.director)
    animator = await service_world.member(house.organisation_id, Role.animator)
    for who in (director, animator, other):
        assert (await who.get(f"{BASE}/applications")).json()["items"] == []
        assert (await who.change("PATCH", path, {"state": "refused"}, version=1)).status_code == 404
    assert (await zoe.change("PATCH", path, {"state": "accepted"}, version=1)).status_code == 403
    assert [one["id"] for one in (await zoe.get(f"{BASE}/applications")).json()["items"]] == [applied["id"]]
    assert (await zoe.change("PATCH", path, {"state": "withdrawn"}, version=1)).json()["state"] == "withdrawn"


async def test_who_was_refused_is_forgotten_and_still_counted(house: House, service_world: World) -> None:
    call = await vacancy(house)
    applied = await created(service_world.stranger().post(f"{BASE}/vacancies/{call['id']}/applications", APPLICANT))
    path = f"{BASE}/applications/{applied['id']}"
    assert (await house.coordinator.change("PATCH", path, {"state": "refused"}, version=1)).status_code == 200
    async with house.databases_of("staffing").engine("owner").connect() as connection:
        due = text("select kind from due_rows where subject_id = :id and due_at > now() + interval '179 days'")
        assert await connection.scalar(due, {"id": UUID(applied["id"])}) == "forget_application"
    database = Database()
    database.connect(house.databases_of("staffing").urls["worker"], 1)
    row = DueRow("forget_application", UUID(applied["id"]), house.organisation_id, 1)
    await JOBS["forget_application"](database, row)
    await database.close()
    (kept,) = (await house.coordinator.get(f"{BASE}/applications?vacancy_id={call['id']}")).json()["items"]
    assert (kept["state"], kept["display_name"], kept["email"], kept["message"]) == ("refused", None, None, None)
