"""What a household consents to: who answers, who reads, and that nothing is rewritten."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, booking_body, created, make_household, make_organiser

CONSENTS = f"{BASE}/consents"
READERS = (Role.director, Role.coordinator, Role.animator)


def about(child: UUID, *, is_given: bool, purpose: str = "photo", version: int = 1) -> dict[str, Any]:
    return {"participant_id": str(child), "purpose": purpose, "wording_version": version, "is_given": is_given}


async def test_a_parent_gives_and_withdraws_and_both_stay_written(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    household_id, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    parent = await service_world.parent(organiser.organisation_id, household_id, child)
    path = f"{BASE}/households/{household_id}/consents"
    first = created(await parent.post(CONSENTS, about(child, is_given=True)))
    second = created(await parent.post(CONSENTS, about(child, is_given=False)))
    news = {"household_id": str(household_id), "purpose": "newsletter", "wording_version": 1, "is_given": True}
    third = created(await parent.post(CONSENTS, news))
    assert not any(answer["is_by_staff"] for answer in (first, second, third))
    for person in (parent, organiser.director):
        history = (await person.get(path)).json()["items"]
        assert [one["id"] for one in history] == [first["id"], second["id"], third["id"]]
        standing = (await person.get(path, params={"standing": "true"})).json()["items"]
        assert [(one["purpose"], one["is_given"]) for one in standing] == [("photo", False), ("newsletter", True)]
    own = (await parent.get(f"{BASE}/participants/{child}/consents", params={"limit": "1"})).json()
    assert [one["id"] for one in own["items"]] == [first["id"]]
    rest = {"params": {"limit": "1", "cursor": own["next_cursor"]}}
    assert (await parent.get(f"{BASE}/participants/{child}/consents", **rest)).json()["items"][0]["id"] == second["id"]


async def test_staff_write_down_what_is_on_paper(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    _household, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    for role in READERS:
        member = await service_world.member(organiser.organisation_id, role)
        answer = created(await member.post(CONSENTS, about(child, is_given=True)))
        assert answer["is_by_staff"]
    for role in set(Role) - set(READERS):
        member = await service_world.member(organiser.organisation_id, role)
        assert (await member.post(CONSENTS, about(child, is_given=True))).status_code == 404


async def test_an_organiser_reads_of_people_booked_with_it_and_answers_nothing(service_world: World) -> None:
    organiser, home = await make_organiser(service_world), await make_organiser(service_world)
    household_id, (child,) = await make_household(home.director, home.organisation_id, "2017-05-01")
    parent = await service_world.parent(home.organisation_id, household_id, child)
    created(await parent.post(CONSENTS, about(child, is_given=False)))
    created(await parent.post(CONSENTS, about(child, is_given=True, purpose="leaving_alone")))
    session = await organiser.session()
    path = f"{BASE}/participants/{child}/consents"
    assert (await organiser.director.get(path)).status_code == 404
    created(await parent.post(f"{BASE}/bookings", booking_body(session, child)))
    assert len((await organiser.director.get(path)).json()["items"]) == 2
    (entry,) = (await organiser.director.get(f"{BASE}/sessions/{session['id']}/roster")).json()
    assert (entry["consents_given"], entry["consents_refused"]) == (["leaving_alone"], ["photo"])
    assert (await organiser.director.post(CONSENTS, about(child, is_given=True))).status_code == 403
    assert (await organiser.director.get(f"{BASE}/households/{household_id}/consents")).status_code == 404


async def test_other_households_and_associations_see_and_answer_nothing(service_world: World) -> None:
    organiser, neighbour = await make_organiser(service_world), await make_organiser(service_world)
    household_id, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    other, (stranger,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    created(await organiser.director.post(CONSENTS, about(child, is_given=True)))
    other_parent = await service_world.parent(organiser.organisation_id, other, stranger)
    for person in (neighbour.director, other_parent, service_world.stranger()):
        for path in (f"households/{household_id}", f"participants/{child}"):
            assert (await person.get(f"{BASE}/{path}/consents")).status_code == 404
        assert (await person.post(CONSENTS, about(child, is_given=False))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [
        ({"wording_version": 2}, 409, "wording-changed"),
        ({"purpose": "newsletter"}, 422, "wrong-subject"),
        ({"purpose": "everything"}, 422, "invalid-request"),
        ({"participant_id": None}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    service_world: World, changes: dict[str, Any], status: int, slug: str
) -> None:
    organiser = await make_organiser(service_world)
    _household, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    refused = await organiser.director.post(CONSENTS, {**about(child, is_given=True), **changes})
    assert refused.status_code == status
    assert refused.json()["type"].endswith(slug)


async def test_the_same_key_answers_once(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    _household, (child,) = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    key = secrets.token_hex(8)
    answers = [await organiser.director.post(CONSENTS, about(child, is_given=True), key=key) for _ in range(2)]
    assert created(answers[0]) == answers[1].json()
    assert len((await organiser.director.get(f"{BASE}/participants/{child}/consents")).json()["items"]) == 1


async def test_every_wording_is_told_in_four_languages(service_world: World) -> None:
    wordings = (await service_world.stranger().get(f"{BASE}/consent-wordings")).json()
    assert {one["purpose"] for one in wordings if one["is_about_household"]} == {"newsletter"}
    assert len(wordings) == 4
    for wording in wordings:
        assert sorted(wording["texts"]) == ["de", "en", "fr", "nl"]
        assert all(wording["texts"].values())
    assert (await service_world.nobody().get(f"{BASE}/consent-wordings")).status_code == 401


@pytest.mark.parametrize("statement", ["update consents set is_given = true", "delete from consents"])
async def test_no_request_rewrites_an_answer(databases_of: Callable[[str], ServiceDatabases], statement: str) -> None:
    async with databases_of("activities").engine("api").connect() as connection:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.execute(text(statement))


async def test_not_even_the_worker_turns_a_no_into_a_yes(databases_of: Callable[[str], ServiceDatabases]) -> None:
    async with databases_of("activities").engine("worker").connect() as connection:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.execute(text("update consents set is_given = true"))
