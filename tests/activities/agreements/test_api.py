"""Holding a session under an agreement: its sides see it, nobody else can cite or see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.agreements.event_handlers import AGREEMENTS
from common.ids import new_id
from common.testing import deliver, example
from contracts.partners import AgreementChanged, Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, make_organiser

Databases = Callable[[str], ServiceDatabases]


async def announce(databases_of: Databases, keeper_id: UUID, *party_ids: UUID, **fields: Any) -> str:
    """An agreement in force, as the partners service tells of it."""
    days = {"starts_on": "2026-01-01", "ends_on": None}
    values = {"agreement_id": new_id(), "organisation_id": keeper_id, "party_ids": party_ids, **days, **fields}
    event = example(AgreementChanged, **values)
    async with AsyncSession(databases_of("activities").engine("owner")) as session, session.begin():
        await deliver(session, AGREEMENTS, event)
    return str(event.key)


async def test_a_session_is_held_under_an_agreement_of_all_who_hold_it(
    service_world: World, databases_of: Databases
) -> None:
    organiser, partner = await make_organiser(service_world), await make_organiser(service_world)
    own, other = organiser.organisation_id, partner.organisation_id
    shares = [{"organisation_id": str(one), "basis_points": 5_000} for one in (own, other)]
    session = await organiser.session(cost_shares=shares)
    path = f"{BASE}/sessions/{session['id']}/agreement"
    agreement_id = await announce(databases_of, own, other)
    assert (await organiser.director.get(path)).json() == {"session_id": session["id"], "agreement": None}

    cited = await organiser.director.change("PUT", path, {"agreement_id": agreement_id})
    assert cited.status_code == 200, cited.text
    assert cited.json()["agreement"]["title"] == "Cirque entre générations 2026-2027"
    for director in (organiser.director, partner.director):
        listed = (await director.get(f"{BASE}/agreements/{agreement_id}/sessions")).json()["items"]
        assert [one["id"] for one in listed] == [session["id"]]
    stranger = await service_world.member(await service_world.organisation(), Role.director)
    assert (await stranger.get(f"{BASE}/agreements/{agreement_id}/sessions")).json()["items"] == []
    assert (await partner.director.change("PUT", path, {"agreement_id": None})).status_code == 403

    none = await organiser.director.change("PUT", path, {"agreement_id": None})
    assert none.json()["agreement"] is None
    assert (await partner.director.get(f"{BASE}/agreements/{agreement_id}/sessions")).json()["items"] == []


async def test_what_does_not_cover_the_session_cannot_be_cited(service_world: World, databases_of: Databases) -> None:
    organiser, partner = await make_organiser(service_world), await make_organiser(service_world)
    session = await organiser.session()
    path = f"{BASE}/sessions/{session['id']}/agreement"
    unsigned = await announce(databases_of, organiser.organisation_id, partner.organisation_id, state="sent")
    foreign = await announce(databases_of, partner.organisation_id, new_id())
    for agreement_id, problem in (
        (unsigned, "does-not-cover-session"),
        (foreign, "unknown-agreement"),
        (str(new_id()), "unknown-agreement"),
    ):
        refused = await organiser.director.change("PUT", path, {"agreement_id": agreement_id})
        assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{problem}")
    assert (await organiser.director.get(path)).json()["agreement"] is None, "a refusal keeps what was cited before"


async def test_a_session_that_leaves_its_agreement_says_so(service_world: World, databases_of: Databases) -> None:
    organiser = await make_organiser(service_world)
    session = await organiser.session(in_days=10)
    path = f"{BASE}/sessions/{session['id']}"
    until = (datetime.now(UTC) + timedelta(days=12)).date().isoformat()
    agreement_id = await announce(databases_of, organiser.organisation_id, new_id(), ends_on=until)
    cited = await organiser.director.change("PUT", f"{path}/agreement", {"agreement_id": agreement_id})
    assert cited.json()["agreement"]["fault"] is None
    later = datetime.now(UTC) + timedelta(days=20)
    times = {"starts_at": later.isoformat(), "ends_at": (later + timedelta(hours=1)).isoformat()}
    assert (await organiser.director.change("PATCH", path, times, version=1)).status_code == 200
    assert "does not hold" in (await organiser.director.get(f"{path}/agreement")).json()["agreement"]["fault"]
