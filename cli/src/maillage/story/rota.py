"""Two volunteers are proposed and assigned, one cannot come, a substitute is found: everyone is told once."""

from maillage.signed_in import Json
from maillage.story.probes import Probes
from maillage.story.stage import NEWS_SECONDS, Stage
from maillage.waiting import until

PROPOSAL_SECONDS = 40.0


async def propose_and_assign(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        await stage.plan("outing", stage.outing_starts_at, 180, capacity=10, supervision="none")
        amelie = await stage.person("amelie")
        path = f"/sessions/{stage.sessions['outing']['id']}"
        body: Json = {"role": "animator", "places": 2, "required": ["animator_certificate"], "lead_minutes": 30}
        made = await amelie.create("staffing", f"{path}/shifts", body, stage.key("shift"), NEWS_SECONDS)
        stage.shift_id = made["id"]
        asked = await amelie.create("staffing", f"{path}/proposals", {}, stage.key("proposal"))

        async def is_ready() -> bool:
            found = await amelie.get("staffing", f"/proposals/{asked['id']}")
            return bool(found["state"] == "ready")

        await until(is_ready, "a rota is proposed", PROPOSAL_SECONDS)
        await amelie.do("staffing", f"/proposals/{asked['id']}/acceptance")

    await stage.act(
        "An outing needs two qualified animators: Amélie has a rota proposed and accepts it",
        act,
        lambda: [
            probes.on_shift(["julie", "samir"], "Julie and Samir, who prefer this time, are on the shift"),
            probes.mailed("julie@benevoles.example", 1, "you are expected"),
            probes.mailed("samir@benevoles.example", 1, "you are expected"),
        ],
    )


async def cannot_come(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        amelie = await stage.person("amelie")
        day = stage.day_of("outing").isoformat()
        path = f"/people/{stage.state.workers['samir']}/absences"
        body = {"first_on": day, "last_on": day}
        stage.absence = await amelie.create("staffing", path, body, stage.key("absence"))

    await stage.act(
        "Samir falls ill and telephones: one act frees his shift and asks those who could step in",
        act,
        lambda: [
            probes.on_shift(["julie"], "Julie is on the shift, one place is free"),
            probes.to_telephone(["Pol Adam"], "Pol has no e-mail: he is on the list to telephone"),
            probes.mailed("noah", 1, "could you step in?"),
            probes.told("amelie", "substitute_sought_team", 1, "two people were asked"),
        ],
    )


async def step_in(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        noah = await stage.person("noah")
        (search,) = stage.absence["searches"]
        await noah.do("staffing", f"/substitute-requests/{search['id']}/acceptance")

    await stage.act(
        "Noah steps in: the first who accepts has the place",
        act,
        lambda: [
            probes.on_shift(["julie", "noah"], "Julie and Noah are on the shift"),
            probes.mailed("noah", 2, "you are expected"),
            probes.spent("outing", 8_400, "Noah is paid where Samir volunteers, 3.5 hours at 24.00 €"),
            probes.told("amelie", "shift_taken_team", 1, "somebody comes"),
        ],
    )
