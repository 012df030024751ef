"""Agreements over HTTP: from draft to signature by all sides, and who sees what."""

from __future__ import annotations

from typing import Any

from contracts.partners import Role
from tests.factories.accounts import Person, World
from tests.partners.conftest import Founded, People, people_of

AGREEMENTS = "/api/partners/v1/agreements"


def new_agreement(ours: Founded, theirs: Founded, **changes: Any) -> dict[str, Any]:
    """A year of workshops, for which we bring people and they bring money."""
    return {
        "organisation_id": str(ours.association_id),
        "title": "Cirque entre générations",
        "scope": "Six ateliers par saison, pour les deux publics.",
        "starts_on": "2026-09-01",
        "ends_on": "2027-06-30",
        "party_ids": [str(theirs.association_id)],
        "contributions": [
            {"party_id": str(ours.association_id), "kind": "people", "description": "Deux animateurs"},
            {
                "party_id": str(theirs.association_id),
                "kind": "money",
                "description": "Part des frais",
                "amount_minor": 150_000,
                "currency": "EUR",
            },
        ],
        **changes,
    }


async def drafted(people: People, ours: Founded, theirs: Founded, **changes: Any) -> dict[str, Any]:
    answer = await people.coordinator.post(AGREEMENTS, new_agreement(ours, theirs, **changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sign(person: Person, agreement: dict[str, Any], side: Founded) -> Any:
    body = {"party_id": str(side.association_id), "signed_by": "Karim Benali", "signed_on": "2026-08-20"}
    return await person.post(f"{AGREEMENTS}/{agreement['id']}/signatures", body)


async def test_an_agreement_is_in_force_when_all_sides_have_signed(
    service_world: World, ours: Founded, theirs: Founded
) -> None:
    people, others = await people_of(service_world, ours), await people_of(service_world, theirs)
    agreement = await drafted(people, ours, theirs)
    path = f"{AGREEMENTS}/{agreement['id']}"
    assert (await others.director.get(path)).status_code == 404, "a draft is nobody else's business"
    assert (await sign(people.director, agreement, ours)).json()["type"] == "/problems/not-open-for-signature"
    assert (await people.coordinator.post(f"{path}/send", {})).json()["state"] == "sent"
    seen = (await others.coordinator.get(path)).json()
    assert [entry["description"] for entry in seen["contributions"]] == ["Deux animateurs", "Part des frais"]
    first = await sign(people.director, agreement, ours)
    assert (first.status_code, first.json()["state"]) == (201, "sent")
    last = await sign(others.director, agreement, theirs)
    assert (last.json()["state"], len(last.json()["signatures"])) == ("signed", 2)
    assert (await sign(others.director, agreement, theirs)).status_code == 409


async def test_the_keeper_records_what_came_on_paper_and_nobody_else_signs_for_others(
    service_world: World, ours: Founded, theirs: Founded
) -> None:
    people, others = await people_of(service_world, ours), await people_of(service_world, theirs)
    agreement = await drafted(people, ours, theirs)
    await people.coordinator.post(f"{AGREEMENTS}/{agreement['id']}/send", {})
    assert (await sign(others.director, agreement, ours)).status_code == 403
    assert (await sign(others.coordinator, agreement, theirs)).status_code == 404
    assert (await sign(people.coordinator, agreement, ours)).status_code == 404
    (signature,) = (await sign(people.director, agreement, theirs)).json()["signatures"]
    assert signature["recorded_by_organisation_id"] == str(ours.association_id)


async def test_a_draft_changes_and_what_was_sent_does_not(service_world: World, ours: Founded, theirs: Founded) -> None:
    people = await people_of(service_world, ours)
    agreement = await drafted(people, ours, theirs)
    path = f"{AGREEMENTS}/{agreement['id']}"
    body = new_agreement(ours, theirs, title="Cirque et musique", contributions=[])
    del body["organisation_id"]
    changed = await people.coordinator.change("PUT", path, body, version=1)
    assert (changed.json()["title"], changed.json()["contributions"]) == ("Cirque et musique", [])
    stale = await people.coordinator.change("PUT", path, body, version=1)
    assert stale.status_code == 412
    await people.coordinator.post(f"{path}/send", {})
    refused = await people.coordinator.change("PUT", path, body, version=3)
    assert refused.json()["type"] == "/problems/not-a-draft"
    unfit = await people.coordinator.post(AGREEMENTS, new_agreement(ours, theirs, ends_on="2026-01-01"))
    assert (unfit.status_code, unfit.json()["type"]) == (422, "/problems/unfit-terms")


async def test_the_other_side_reads_and_never_writes(service_world: World, ours: Founded, theirs: Founded) -> None:
    people, others = await people_of(service_world, ours), await people_of(service_world, theirs)
    agreement = await drafted(people, ours, theirs)
    path = f"{AGREEMENTS}/{agreement['id']}"
    await people.coordinator.post(f"{path}/send", {})
    assert (await others.director.post(f"{path}/end", {"reason": "no"})).status_code == 404
    listed = (await others.coordinator.get(AGREEMENTS, params={"party_id": str(theirs.association_id)})).json()
    assert [entry["id"] for entry in listed["items"]] == [agreement["id"]]
    animator = await service_world.member(theirs.association_id, Role.animator)
    assert (await animator.get(AGREEMENTS)).json()["items"] == []


async def test_an_ended_agreement_keeps_why(service_world: World, ours: Founded, theirs: Founded) -> None:
    people = await people_of(service_world, ours)
    agreement = await drafted(people, ours, theirs)
    path = f"{AGREEMENTS}/{agreement['id']}/end"
    for reason in ("Le projet s'arrête", "another reason"):
        ended = (await people.coordinator.post(path, {"reason": reason})).json()
        assert (ended["state"], ended["end_reason"]) == ("ended", "Le projet s'arrête")
