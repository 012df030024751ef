"""The workshop opens, fills up, and needs a supervisor: steps 1 to 6."""

from maillage.signed_in import Json
from maillage.story.probes import Probes
from maillage.story.stage import NEWS_SECONDS, Stage

CAPACITY = 8
# 80 % of it is 43.20 €: what the first two bookings promise, for the youth house bears 60 % of 24.00 € + 48.00 €.
PLANNED_INCOME_MINOR = 5_400
PLANNED_EXPENSE_MINOR = 40_000
TERMS = {
    "steps": [{"hours_before": 24, "percent": 100}, {"hours_before": 2, "percent": 50}],
    "excused_percent": 50,
}


async def open_workshop(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        await _add_activity(stage)
        await stage.plan("workshop", stage.workshop_starts_at, 120, capacity=CAPACITY, minimum=4)
        stage.budget_year = stage.day_of("workshop").year
        await _plan_budget(stage)

    await stage.act(
        "Amélie of the youth house schedules a circus workshop, shared 60 : 40 with the retirement home",
        act,
        lambda: [
            probes.published("workshop"),
            probes.places_free("workshop", 8),
            probes.coverage(
                "workshop", "the session is known; nobody is booked, nobody is needed", supervisors_needed=0
            ),
            probes.budget(0),
        ],
    )


async def _add_activity(stage: Stage) -> None:
    amelie = await stage.person("amelie")
    body: Json = {
        "programme_id": stage.state.programmes["apres-ecole"],
        "title": stage.titles["workshop"],
        "audience": "enfants, voisins et résidents",
        "waiting_rule": "arrival",
        "cancellation_terms": TERMS,
    }
    made = await amelie.create("activities", "/activities", body, stage.key("activity"))
    stage.activity_id = made["id"]


async def _plan_budget(stage: Stage) -> None:
    sofia = await stage.person("sofia")
    body: Json = {
        "organisation_id": stage.organisation("tremplin"),
        "activity_id": stage.activity_id,
        "activity_title": stage.titles["workshop"],
        "year": stage.budget_year,
        "lines": [
            {"kind": "income", "label": "Participations", "planned_minor": PLANNED_INCOME_MINOR},
            {"kind": "expense", "label": "Animation", "planned_minor": PLANNED_EXPENSE_MINOR},
        ],
    }
    await sofia.create("finance", "/budgets", body, stage.key("budget"), NEWS_SECONDS)


async def book_two_children(stage: Stage, probes: Probes) -> None:
    children = [stage.participant("tremplin-01-1"), stage.participant("tremplin-01-2")]
    await stage.act(
        "Amina, a mother, books both of her children at once",
        lambda: stage.book("amina", "workshop", "children", children),
        lambda: [
            probes.booking("amina", "children", "confirmed", "both children have a place, at 12.00 € each"),
            probes.places_free("workshop", 6),
            probes.charged("children", 2_400, "the family owes"),
            probes.budget(1_440),
            probes.settled("children", 0, 960),
            probes.coverage("workshop", "1 qualified supervisor is needed, nobody is there: short", is_short=True),
            probes.mailed("amina", 1, "confirmed"),
            probes.told("amelie", "booking_confirmed_team", 1, "two places taken"),
            probes.mailed("amelie", 1, "too few supervisors"),
        ],
    )


async def book_six_residents(stage: Stage, probes: Probes) -> None:
    async def act() -> None:
        residents = stage.residents(6)
        await stage.book("pieter", "workshop", "group", residents, category="senior", booked_by="tilleuls")

    await stage.act(
        "Pieter of the retirement home books six residents as a group",
        act,
        lambda: [
            probes.places_free("workshop", 0),
            probes.charged("group", 4_800, "the retirement home owes"),
            probes.settled("group", 4_800, 1_920),
            probes.budget(4_320),
            probes.threshold("income:80", "80 % of the planned income is reached"),
            probes.coverage("workshop", "six adults need nobody more", supervisors_needed=1, supervisors_present=0),
            probes.mailed("pieter", 1, "six places confirmed"),
            probes.mailed("els", 1, "six places confirmed"),
            probes.told("amelie", "booking_confirmed_team", 2, "six places taken"),
            probes.mailed("sofia", 1, "the budget has passed 80 %"),
            probes.mailed("karim", 1, "the budget has passed 80 %"),
        ],
    )


async def wait_for_a_place(stage: Stage, probes: Probes) -> None:
    await stage.act(
        "The session is full: Greta's son goes on the waiting list",
        lambda: stage.book("greta", "workshop", "son", [stage.participant("tremplin-02-1")]),
        lambda: [
            probes.booking("greta", "son", "waiting", "the booking waits in the order of arrival"),
            probes.mailed("greta", 1, "on the waiting list"),
            probes.told("amelie", "booking_waitlisted_team", 1, "one more waits"),
        ],
    )


async def assign_supervisor(stage: Stage, probes: Probes) -> None:
    await stage.act(
        "Amélie assigns Noah, who is qualified",
        lambda: assign_noah(stage, "workshop"),
        lambda: [
            probes.coverage("workshop", "1 of 1 supervisors is there: restored", is_short=False, qualified_present=1),
            probes.told("amelie", "coverage_restored", 1, "enough supervisors"),
        ],
    )


async def assign_noah(stage: Stage, session: str) -> None:
    """Waits until staffing knows the session."""
    amelie = await stage.person("amelie")
    body: Json = {
        "display_name": "Noah Bennett",
        "qualification": "qualified",
        "engagement": "employee",
        "account": {"issuer": stage.platform.stack.issuer, "subject": "noah"},
    }
    path = f"/sessions/{stage.sessions[session]['id']}/supervisors"
    await amelie.create("staffing", path, body, stage.key(f"noah-{session}"), NEWS_SECONDS)
