"""A document over HTTP: asked for, made by the worker, fetched, handed over, signed."""

from __future__ import annotations

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

EMPLOYER = {
    "legal_name": "Le Tremplin",
    "legal_form": "ASBL",
    "enterprise_number": "BE 0123.456.749",
    "address": "Rue du Midi 1, 1000 Bruxelles",
    "social_purpose": "offrir des loisirs",
    "contact_name": "Amélie Dupont",
    "contact_role": "coordinatrice",
    "insurer_name": "Assurances du Midi",
    "policy_number": "RC-1",
}
NOTE = {"kind": "volunteer_note", "task": "animation cirque", "starts_on": "2026-09-01"}


async def described(house: House, version: int = 0, **fields: Any) -> Any:
    path = f"{BASE}/organisations/{house.organisation_id}/employer-details"
    return await house.coordinator.change("PUT", path, {**EMPLOYER, **fields}, version=version)


async def make(house: House, document_id: str) -> None:
    """Let the worker do its job."""
    database = Database()
    database.connect(house.databases_of("staffing").urls["worker"], 2)
    await JOBS["render_document"](database, DueRow("render_document", UUID(document_id), house.organisation_id, 1))
    await database.close()


async def test_a_note_is_made_handed_over_and_signed(house: House) -> None:
    assert (await described(house)).json()["version"] == 1
    aicha = await house.person(email="aicha@example.org", language="nl")
    own = await house.linked(aicha)
    asked = await created(house.coordinator.post(f"{BASE}/people/{aicha['id']}/documents", NOTE))
    assert (asked["state"], asked["language"]) == ("asked", "nl")
    path = f"{BASE}/documents/{asked['id']}"
    early = await house.coordinator.get(f"{path}/pdf")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/document-is-not-made")
    await make(house, asked["id"])
    found = await own.get(path)
    assert found.json()["state"] == "made"
    pdf = await own.get(f"{path}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    await make(house, asked["id"])
    assert (await own.get(f"{path}/pdf")).content == pdf.content, "it is made once"
    handed = await house.coordinator.change("PATCH", path, {"state": "handed_over", "on": "2026-08-30"}, version=2)
    assert handed.json()["handed_over_on"] == "2026-08-30"
    stale = await house.coordinator.change("PATCH", path, {"state": "signed"}, version=2)
    assert stale.status_code == 412
    signed = await house.coordinator.change("PATCH", path, {"state": "signed", "on": "2026-08-31"}, version=3)
    assert (signed.json()["state"], signed.json()["signed_on"]) == ("signed", "2026-08-31")
    back = await house.coordinator.change("PATCH", path, {"state": "handed_over"}, version=4)
    assert back.json()["type"] == "/problems/step-is-not-possible"


async def test_a_document_says_what_was_true_when_it_was_asked_for(house: House) -> None:
    await described(house)
    aicha = await house.person()
    path = f"{BASE}/people/{aicha['id']}/documents"
    first = await created(house.coordinator.post(path, NOTE))
    assert (await described(house, 1, insurer_name="Nord")).json()["version"] == 2
    second = await created(house.coordinator.post(path, NOTE))
    for document in (first, second):
        await make(house, document["id"])
    (one, other) = [
        (await house.coordinator.get(f"{BASE}/documents/{document['id']}/pdf")).content for document in (first, second)
    ]
    assert one != other
    assert (await described(house, 1)).status_code == 412


async def test_what_does_not_fit_or_cannot_be_said_is_refused(house: House) -> None:
    noah = await house.person(kind="employee")
    path = f"{BASE}/people/{noah['id']}/documents"
    contract = {**NOTE, "kind": "employment_summary"}
    assert (await house.coordinator.post(path, contract)).json()["type"] == "/problems/employer-is-not-described"
    await described(house)
    assert (await house.coordinator.post(path, NOTE)).json()["type"] == "/problems/document-does-not-fit"
    reversed_days = {**contract, "ends_on": "2026-08-01"}
    assert (await house.coordinator.post(path, reversed_days)).status_code == 422
    half = await described(house, 1, accident_insurer_name="Midi")
    assert half.status_code == 422


async def test_nobody_else_reads_or_asks_for_documents(house: House, service_world: World) -> None:
    await described(house)
    aicha = await house.person(email="aicha@example.org")
    own, bart = await house.linked(aicha), await house.linked(await house.person(email="bart@example.org"))
    document = await created(house.coordinator.post(f"{BASE}/people/{aicha['id']}/documents", NOTE))
    await make(house, document["id"])
    path = f"{BASE}/documents/{document['id']}"
    director = await service_world.member(await service_world.organisation(), Role.director)
    animator = await service_world.member(house.organisation_id, Role.animator)
    for who in (director, animator, bart):
        assert (await who.get(path)).status_code == 404
        assert (await who.get(f"{path}/pdf")).status_code == 404
        assert (await who.get(f"{BASE}/documents")).json()["items"] == []
        assert (await who.post(f"{BASE}/people/{aicha['id']}/documents", NOTE)).status_code == 404
    assert (await own.change("PATCH", path, {"state": "signed"}, version=2)).status_code == 403
    assert [one["id"] for one in (await own.get(f"{BASE}/documents")).json()["items"]] == [document["id"]]
