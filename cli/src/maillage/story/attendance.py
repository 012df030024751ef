"""The day itself: who came is recorded and corrected, a session is closed, promises are earned: steps 12 to 16."""

from datetime import UTC, datetime, timedelta

from maillage.signed_in import Json, Refused
from maillage.story.opening import assign_noah
from maillage.story.probes import Probes
from maillage.story.stage import Stage
from maillage.waiting import until

# Attendance can be recorded from one hour before the start, bookings are taken until the start.
REHEARSAL_MINUTES_AHEAD = 40
WARM_UP_SECONDS_AHEAD = 6
BEGIN_SECONDS = 30.0


async def fill_the_rehearsal(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        await stage.plan("rehearsal", datetime.now(UTC) + timedelta(minutes=REHEARSAL_MINUTES_AHEAD), 60, capacity=12)
        await assign_noah(stage, "rehearsal")
        children = [stage.participant("tremplin-01-1"), stage.participant("tremplin-01-2")]
        await stage.book("amina", "rehearsal", "children today", children)
        residents = stage.residents(2)
        await stage.book("pieter", "rehearsal", "group today", residents, category="senior", booked_by="tilleuls")

    await stage.act(
        "A rehearsal begins in forty minutes: two children and two residents come, Noah supervises",
        act,
        lambda: [
            probes.places_free("rehearsal", 8),
            probes.charged("children today", 2_400, "Amina's family owes"),
            probes.charged("group today", 1_600, "the retirement home owes"),
            probes.coverage("rehearsal", "1 of 1 supervisors is there", is_short=False, supervisors_needed=1),
            probes.mailed("amina", 5, "confirmed"),
            probes.mailed("pieter", 6, "two places confirmed"),
            probes.mailed("els", 5, "two places confirmed"),
        ],
    )


async def record_who_came(stage: Stage, probes: Probes) -> None:
    first, second = stage.residents(2)
    marks = {
        stage.participant("tremplin-01-1"): "present",
        stage.participant("tremplin-01-2"): "excused",
        first: "present",
        second: "absent",
    }
    await stage.act(
        "Noah records who came: one child is excused, one resident is missing",
        lambda: _mark(stage, "rehearsal", marks),
        lambda: [
            probes.charged("children today", 1_800, "half is given back for the excused child; the family owes"),
            probes.earned(["children today", "group today"], 3_400),
            probes.told("amelie", "attendance_recorded_team", 1, "1 present, 1 excused"),
            probes.told("pieter", "attendance_recorded_team", 1, "1 present, 1 absent"),
        ],
    )


async def correct_who_came(stage: Stage, probes: Probes) -> None:
    _, second = stage.residents(2)
    marks = {stage.participant("tremplin-01-2"): "present", second: "present"}
    await stage.act(
        "Both arrive after all: Noah corrects the list",
        lambda: _mark(stage, "rehearsal", marks),
        lambda: [
            probes.charged("children today", 2_400, "the family owes again"),
            probes.earned(["children today", "group today"], 4_000),
            probes.told("amelie", "attendance_recorded_team", 2, "2 present"),
            probes.told("pieter", "attendance_recorded_team", 2, "2 present"),
        ],
    )


async def hold_the_warm_up(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        starts_at = datetime.now(UTC) + timedelta(seconds=WARM_UP_SECONDS_AHEAD)
        await stage.plan("warm-up", starts_at, 30, capacity=6, supervision="none")
        await stage.book("greta", "warm-up", "son now", [stage.participant("tremplin-02-1")])

    await stage.act(
        f"A warm-up begins in {WARM_UP_SECONDS_AHEAD} seconds; Greta's son joins",
        act,
        lambda: [
            probes.booking("greta", "son now", "confirmed", "Greta's son has a place"),
            probes.charged("son now", 1_200, "the family owes"),
            probes.mailed("greta", 5, "confirmed"),
        ],
    )


async def close_the_warm_up(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        await _mark(stage, "warm-up", {stage.participant("tremplin-02-1"): "present"})
        noah = await stage.person("noah")
        path = f"/sessions/{stage.sessions['warm-up']['id']}/completion"

        async def closed() -> bool:
            try:
                await noah.do("activities", path)
            except Refused as refusal:
                if refusal.slug != "session-not-begun":
                    raise
                return False
            return True

        await until(closed, "the warm-up begins", BEGIN_SECONDS)

    await stage.act(
        "It has begun: Noah records the child and closes the session",
        act,
        lambda: [
            probes.session("warm-up", "completed", "the session is completed"),
            probes.earned(["son now"], 1_200),
            probes.coverage("warm-up", "the session took place", state="completed"),
            probes.told("amelie", "session_completed_team", 1, "1 present"),
            probes.told("amelie", "attendance_recorded_team", 3, "1 present"),
        ],
    )


async def _mark(stage: Stage, session: str, marks: dict[str, str]) -> None:
    """By the version of the list that was read."""
    noah = await stage.person("noah")
    path = f"/sessions/{stage.sessions[session]['id']}/attendance"
    current = await noah.get("activities", path)
    body: Json = {"marks": [{"participant_id": item, "state": state} for item, state in marks.items()]}
    await noah.change("PUT", "activities", path, body, current["version"])
