"""A family has its attendance attested; nobody else sees the file, the association's own staff included."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.attestations.use_cases import RENDER
from activities.run_worker import JOBS
from common.database import Database
from common.due_rows import DueRow
from contracts.partners import Role
from tests.factories.accounts import Person, World
from tests.factories.activities import BASE, Organiser, booking_body, created, make_household, make_organiser

ATTESTATIONS = f"{BASE}/attestations"
SOON_DAYS = 0.5 / 24
YEAR = datetime.now(UTC).year


async def attend(organiser: Organiser, parent: Person, *children: UUID, present: int = 1) -> None:
    """A session of the organiser, at which the first of the children were."""
    session = await organiser.session(in_days=SOON_DAYS)
    created(await parent.post(f"{BASE}/bookings", booking_body(session, *children)))
    marks = [
        {"participant_id": str(child), "state": "present" if number < present else "absent"}
        for number, child in enumerate(children)
    ]
    path = f"{BASE}/sessions/{session['id']}/attendance"
    assert (await organiser.director.change("PUT", path, {"marks": marks}, version=0)).status_code == 200


def wanted(child: UUID, organiser_id: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "participant_id": str(child), "organiser_id": str(organiser_id), "year": YEAR, "language": "nl", **changes,
    }  # fmt: skip


async def make(worker: Database, attestation: dict[str, Any]) -> None:
    """What the worker does with the due row."""
    row = DueRow(RENDER, UUID(attestation["id"]), UUID(attestation["organisation_id"]), 1)
    await JOBS[RENDER](worker, row)


async def test_a_family_gets_an_attestation_of_another_association(service_world: World, worker: Database) -> None:
    organiser, home = await make_organiser(service_world), await make_organiser(service_world)
    household_id, children = await make_household(home.director, home.organisation_id, "2017-05-01", "2018-05-01")
    parent = await service_world.parent(home.organisation_id, household_id, *children)
    await attend(organiser, parent, *children)
    years = (await parent.get(f"{BASE}/households/{household_id}/attestable-years")).json()
    assert years == [
        {"participant_id": str(children[0]), "organiser_id": str(organiser.organisation_id), "year": YEAR, "days": 1}
    ]
    asked = created(await parent.post(ATTESTATIONS, wanted(children[0], organiser.organisation_id)))
    path = f"{ATTESTATIONS}/{asked['id']}/pdf"
    early = await parent.get(path)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/attestation-not-made")
    await make(worker, asked)
    await make(worker, asked)
    file = await parent.get(path)
    assert file.headers["content-type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")
    (listed,) = (await parent.get(f"{BASE}/households/{household_id}/attestations")).json()["items"]
    assert listed["made_at"] is not None
    stranger = await service_world.parent(home.organisation_id, UUID(int=1))
    animator = await service_world.member(home.organisation_id, Role.animator)
    for person in (home.director, organiser.director, animator, stranger, service_world.stranger()):
        assert (await person.get(path)).status_code == 404
        assert (await person.get(f"{BASE}/households/{household_id}/attestations")).status_code == 404
        assert (await person.get(f"{BASE}/households/{household_id}/attestable-years")).status_code == 404
        refused = await person.post(ATTESTATIONS, wanted(children[0], organiser.organisation_id))
        assert refused.status_code == 404


async def test_without_a_day_there_is_none(service_world: World) -> None:
    organiser = await make_organiser(service_world)
    household_id, children = await make_household(
        organiser.director, organiser.organisation_id, "2017-05-01", "2018-05-01"
    )
    parent = await service_world.parent(organiser.organisation_id, household_id, *children)
    await attend(organiser, parent, *children)
    absent = wanted(children[1], organiser.organisation_id)
    earlier = wanted(children[0], organiser.organisation_id, year=YEAR - 1)
    elsewhere = wanted(children[0], organiser.site_id)
    for body in (absent, earlier, elsewhere):
        refused = await parent.post(ATTESTATIONS, body)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/nothing-to-attest")


async def test_an_attestation_of_somebody_who_was_erased_is_not_made(service_world: World, worker: Database) -> None:
    organiser = await make_organiser(service_world)
    asked = {"id": "01990000-0000-7000-8000-0000000000ff", "organisation_id": str(organiser.organisation_id)}
    await make(worker, asked)
