"""The figures of a federation: its office reads counts, nobody else reads any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.partners import OrganisationKind, Role
from tests.factories.accounts import World
from tests.factories.activities import BASE, Organiser, booking_body, created, make_organiser, make_participant

PATH = f"{BASE}/evaluation/associations"
SOON_DAYS = 0.5 / 24


def period(federation: UUID) -> dict[str, str]:
    now = datetime.now(UTC)
    days = {"starts_from": now.isoformat(), "starts_before": (now + timedelta(days=30)).isoformat()}
    return {"federation_id": str(federation), **days}


async def member_of(world: World, federation: UUID, **options: Any) -> Organiser:
    """An association of the federation with a published programme."""
    organiser = await make_organiser(world, **options)
    await world.organisation(
        organisation_id=organiser.organisation_id, version=2, federation_ids=(federation,), name="Member"
    )
    return organiser


async def attended(organiser: Organiser, people: int) -> None:
    """A session on which that many people are booked, and all of them came."""
    session = await organiser.session(in_days=SOON_DAYS, capacity=12)
    for _ in range(people):
        person = await make_participant(organiser.director, organiser.organisation_id)
        created(await organiser.director.post(f"{BASE}/bookings", booking_body(session, person)))
        mark = {"participant_id": str(person), "state": "present", "base_version": 0}
        created(await organiser.director.post(f"{BASE}/sessions/{session['id']}/attendance/marks", mark))


async def test_the_office_reads_counts_of_its_associations_only(service_world: World) -> None:
    federation = await service_world.organisation(OrganisationKind.federation)
    office = await service_world.member(federation, Role.federation_admin)
    organiser = await member_of(service_world, federation)
    await attended(organiser, 6)
    called_off = await organiser.session(in_days=9)
    path = f"{BASE}/sessions/{called_off['id']}/cancellation"
    await organiser.director.change("POST", path, {"reason": "Rain"}, version=1)
    other = await service_world.organisation(OrganisationKind.federation)
    await attended(await member_of(service_world, other), 6)
    (figures,) = (await office.get(PATH, params=period(federation))).json()
    assert figures == {
        "organisation_id": str(organiser.organisation_id), "sessions": 1, "cancelled": 1, "capacity": 12,
        "booked": 6, "marked": 6, "present": 6,
    }  # fmt: skip


async def test_few_people_and_drafts_are_not_told(service_world: World) -> None:
    federation = await service_world.organisation(OrganisationKind.federation)
    office = await service_world.member(federation, Role.federation_admin)
    await attended(await member_of(service_world, federation), 4)
    await (await member_of(service_world, federation, publish=False)).session(in_days=3)
    (figures,) = (await office.get(PATH, params=period(federation))).json()
    assert (figures["booked"], figures["marked"], figures["present"]) == (None, None, None)


async def test_nobody_else_reads_them(service_world: World) -> None:
    federation = await service_world.organisation(OrganisationKind.federation)
    organiser = await member_of(service_world, federation)
    elsewhere = await service_world.organisation(OrganisationKind.federation)
    for person in (
        organiser.director,
        await service_world.member(federation, Role.operator),
        await service_world.member(elsewhere, Role.federation_admin),
        service_world.stranger(),
    ):
        assert (await person.get(PATH, params=period(federation))).status_code == 403
    assert (await service_world.nobody().get(PATH, params=period(federation))).status_code == 401
