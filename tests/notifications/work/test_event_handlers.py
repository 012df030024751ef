"""Teams hear of rooms and equipment: who asked and did not get them, and whoever owns what others want."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from common.ids import new_id
from common.testing import example
from contracts.activities import HoldReleased, HoldReleaseReason
from contracts.partners import ReservationAsked, ReservationConfirmed, ReservationReleased, Role
from tests.notifications.people import Town

REFUSED: dict[str, Any] = {
    "reason": HoldReleaseReason.refused,
    "title": "Sortie au lac",
    "starts_at": datetime(2026, 10, 14, 12, tzinfo=UTC),
    "time_zone": "Europe/Brussels",
    "refused": ("Minibus", "Salle polyvalente"),
}


@pytest.fixture
def town(session: AsyncSession) -> Town:
    return Town(session)


async def test_coordinators_hear_what_their_session_did_not_get(town: Town) -> None:
    organiser_id = await town.association()
    await town.member(organiser_id, Role.coordinator, language="nl")
    await town.member(organiser_id, Role.animator)
    await town.happen(example(HoldReleased, organisation_id=organiser_id, **REFUSED))
    (message,) = await town.messages()
    assert message.subject == "Niet gekregen voor Sortie au lac"
    assert "Minibus en Salle polyvalente" in message.body


@pytest.mark.parametrize("change", [{"reason": HoldReleaseReason.session_cancelled}, {"title": None}])
async def test_a_release_that_people_caused_is_no_news(town: Town, change: dict[str, Any]) -> None:
    organiser_id = await town.association()
    await town.member(organiser_id, Role.coordinator)
    await town.happen(example(HoldReleased, organisation_id=organiser_id, **{**REFUSED, **change}))
    assert await town.messages() == []


async def test_the_owner_hears_of_each_step_of_a_reservation_by_another(town: Town) -> None:
    owner_id, other_id = await town.association(), await town.association()
    await town.member(owner_id, Role.director)
    await town.member(other_id, Role.director)
    reservation = {"organisation_id": owner_id, "reserved_by_organisation_id": other_id}
    for version, step in enumerate((ReservationAsked, ReservationConfirmed, ReservationReleased), start=1):
        await town.happen(example(step, version=version, **reservation))
    assert [message.kind for message in await town.messages(owner_id)] == [
        "reservation_asked",
        "reservation_confirmed",
        "reservation_released",
    ]
    assert await town.messages(other_id) == []


async def test_what_an_association_reserves_of_its_own_is_no_news(town: Town) -> None:
    owner_id = await town.association()
    await town.member(owner_id, Role.director)
    own = {"organisation_id": owner_id, "reserved_by_organisation_id": owner_id, "reservation_id": new_id()}
    await town.happen(example(ReservationConfirmed, **own))
    assert await town.messages() == []
