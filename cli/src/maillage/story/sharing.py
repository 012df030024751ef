"""One hold for everything: a minibus of one association, a hall of another, for a session of a third."""

from maillage.demo.load_means import HALL, MINIBUS
from maillage.signed_in import Json
from maillage.story.probes import Probes
from maillage.story.stage import Stage

TRIP_MINUTES = 120
HALF_AN_HOUR = 30


def wish(stage: Stage, key: str, minutes: int = 0) -> Json:
    """A pooled resource, and so many minutes of it before and after the session."""
    owner = {MINIBUS: "elan", HALL: "grange"}[key]
    return {
        "resource_id": stage.state.resources[key],
        "owner_organisation_id": stage.organisation(owner),
        "minutes_before": minutes,
        "minutes_after": minutes,
    }


async def hold_for_a_trip(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        wishes = {"resources": [wish(stage, MINIBUS, HALF_AN_HOUR), wish(stage, HALL)]}
        await stage.plan("trip", stage.trip_starts_at, TRIP_MINUTES, capacity=8, supervision="none", wishes=wishes)

    await stage.act(
        "A trip needs the minibus of L'Élan and the hall of La Grange: Amélie plans it and asks for both at once",
        act,
        lambda: [
            probes.hold("trip", "confirmed", "both are held, so the hold is confirmed"),
            probes.reserved("marta", "trip", ["confirmed"], "L'Élan sees its minibus reserved"),
            probes.lent("elan", 2_700, "3 hours of the minibus at 9.00 €; the youth house owes"),
            probes.lent("grange", 3_000, "2 hours of the hall at 15.00 €; the youth house owes"),
        ],
    )


async def want_the_same_minibus(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        wishes = {"resources": [wish(stage, MINIBUS), wish(stage, HALL)]}
        await stage.plan("rival", stage.trip_starts_at, TRIP_MINUTES, capacity=8, supervision="none", wishes=wishes)

    await stage.act(
        "Another group wants both at the same hour: nothing is held for it, and it is told what is free instead",
        act,
        lambda: [
            probes.hold("rival", "refused", "the hold is refused, with other hours for each of both"),
            probes.reserved("marta", "rival", [], "nothing is reserved for it"),
        ],
    )
