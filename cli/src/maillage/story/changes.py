"""Plans change: a place is given up and taken by the next, one session moves, another is called off: steps 7 to 11."""

from datetime import timedelta

from maillage.signed_in import Refused
from maillage.story.probes import Probes
from maillage.story.stage import Stage

MOVED_HOURS = 2
SHOW_HOURS_LATER = 5


class NotRefused(Exception):
    """A service let something happen that it must refuse."""


async def give_up_a_place(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        pieter = await stage.person("pieter")
        path = f"/bookings/{stage.bookings['group']['id']}/cancellation"
        await pieter.do("activities", path, {"participant_ids": stage.residents(6)[-1:]})

    await stage.act(
        "One resident cannot come: Pieter gives the place up, ten days ahead",
        act,
        lambda: [
            probes.booking("greta", "son", "offered", "the freed place is set aside for Greta's son"),
            probes.charged("group", 4_000, "8.00 € are given back in full; the retirement home owes"),
            probes.settled("group", 4_000, 1_600),
            probes.budget(3_840),
            probes.mailed("pieter", 2, "one place cancelled"),
            probes.mailed("els", 2, "one place cancelled"),
            probes.mailed("greta", 2, "a place is offered"),
            probes.told("amelie", "booking_offered_team", 1, "an offer went out"),
        ],
    )


async def accept_the_offer(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        greta = await stage.person("greta")
        await greta.do("activities", f"/bookings/{stage.bookings['son']['id']}/offer-acceptance")

    await stage.act(
        "Greta takes the place that is offered",
        act,
        lambda: [
            probes.booking("greta", "son", "confirmed", "Greta's son has a place"),
            probes.places_free("workshop", 0),
            probes.charged("son", 1_200, "the family owes"),
            probes.settled("son", 0, 480),
            probes.budget(4_560),
            probes.coverage("workshop", "1 supervisor is enough for three children", is_short=False),
            probes.mailed("greta", 3, "confirmed"),
            probes.told("amelie", "booking_confirmed_team", 3, "one place taken"),
        ],
    )


async def move_the_workshop(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        amelie = await stage.person("amelie")
        session = stage.sessions["workshop"]
        starts_at = stage.workshop_starts_at + timedelta(hours=MOVED_HOURS)
        times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
        path = f"/sessions/{session['id']}"
        current = await amelie.get("activities", path)
        stage.sessions["workshop"] = await amelie.change("PATCH", "activities", path, times, current["version"])

    await stage.act(
        "The hall is taken: Amélie moves the workshop by two hours",
        act,
        lambda: [
            probes.moved("workshop", "the supervisor is needed at the new time"),
            probes.budget(4_560),
            probes.mailed("amina", 2, "a new time"),
            probes.mailed("greta", 4, "a new time"),
            probes.mailed("pieter", 3, "a new time"),
            probes.mailed("els", 3, "a new time"),
            probes.told("amelie", "session_rescheduled_team", 1, "a new time"),
            probes.told("noah", "session_rescheduled_team", 1, "a new time"),
        ],
    )


async def fill_the_show(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        starts_at = stage.workshop_starts_at + timedelta(hours=SHOW_HOURS_LATER)
        await stage.plan("show", starts_at, 60, capacity=5)
        children = [stage.participant("tremplin-01-1"), stage.participant("tremplin-01-2")]
        await stage.book("amina", "show", "children at the show", children)
        residents = stage.residents(2)
        await stage.book("pieter", "show", "group at the show", residents, category="senior", booked_by="tilleuls")
        await _refuse_half_a_family(stage)

    await stage.act(
        "A show follows in the evening; one place is left, and a family of two who will not wait gets none",
        act,
        lambda: [
            probes.places_free("show", 1),
            probes.charged("children at the show", 2_400, "Amina's family owes"),
            probes.charged("group at the show", 1_600, "the retirement home owes"),
            probes.budget(6_960),
            probes.threshold("income:100", "100 % of the planned income is reached"),
            probes.coverage("show", "1 qualified supervisor is needed, nobody is there: short", is_short=True),
            probes.mailed("amina", 3, "confirmed"),
            probes.mailed("pieter", 4, "two places confirmed"),
            probes.mailed("els", 4, "two places confirmed"),
            probes.mailed("amelie", 2, "too few supervisors"),
            probes.mailed("sofia", 2, "the budget has passed 100 %"),
            probes.mailed("karim", 2, "the budget has passed 100 %"),
        ],
    )


async def _refuse_half_a_family(stage: Stage) -> None:
    family = [stage.participant("tremplin-04-1"), stage.participant("tremplin-04-2")]
    try:
        await stage.book("amelie", "show", "family of two", family, accepts_waiting=False)
    except Refused as refusal:
        if refusal.slug != "session-full":
            raise
        return
    raise NotRefused("two places were given where one was free")


async def call_the_show_off(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        amelie = await stage.person("amelie")
        path = f"/sessions/{stage.sessions['show']['id']}"
        current = await amelie.get("activities", path)
        reason = {"reason": "Le chapiteau n'est pas arrivé"}
        await amelie.change("POST", "activities", f"{path}/cancellation", reason, current["version"])

    await stage.act(
        "The tent does not arrive: Amélie calls the show off, and everything is given back",
        act,
        lambda: [
            probes.booking("amina", "children at the show", "cancelled", "Amina's booking is cancelled"),
            probes.booking("pieter", "group at the show", "cancelled", "the group's booking is cancelled"),
            probes.charged("children at the show", 0, "Amina's family owes"),
            probes.charged("group at the show", 0, "the retirement home owes"),
            probes.settled("group at the show", 0, 0),
            probes.budget(4_560),
            probes.coverage("show", "nobody is needed any more", state="cancelled"),
            probes.mailed("amina", 4, "cancelled, all is given back"),
            probes.mailed("pieter", 5, "the session is called off"),
            probes.told("amelie", "session_cancelled_team", 1, "the session is called off"),
            probes.told("karim", "session_cancelled_team", 1, "the session is called off"),
            probes.told("noah", "session_cancelled_team", 1, "the session is called off"),
        ],
    )
