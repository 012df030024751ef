"""What each association makes of the platform is counted by its slug, and forgotten when it is no more."""

from __future__ import annotations

from collections.abc import Callable

from activities.metrics import BOOKED_PLACES, COMING_SESSIONS, MEASUREMENTS
from activities.settings import Settings
from common.measuring import measure
from tests.activities.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import make_organiser


def shown(gauge: object) -> dict[str, float]:
    [family] = gauge.collect()  # type: ignore[attr-defined]
    return {sample.labels["organisation"]: sample.value for sample in family.samples}


async def test_use_is_counted_by_association(
    service_world: World, databases_of: Callable[[str], ServiceDatabases]
) -> None:
    settings = Settings(auditor_database_url=databases_of("activities").urls["auditor"])
    await measure(settings, MEASUREMENTS)
    before = shown(COMING_SESSIONS)
    organiser = await make_organiser(service_world)
    for days in (3, 4):
        await organiser.session(in_days=days)
    COMING_SESSIONS.labels("gone").set(7)
    await measure(settings, MEASUREMENTS)
    after = shown(COMING_SESSIONS)
    assert "gone" not in after
    [slug] = after.keys() - before.keys()
    assert (after[slug], shown(BOOKED_PLACES)[slug]) == (2, 0)
