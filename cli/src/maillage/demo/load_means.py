"""What the offers need: money, supervisors for the first sessions with children, and what associations lend."""

from datetime import timedelta

from maillage.demo.loading import Loading, staff_of
from maillage.demo.model import Activity, Series
from maillage.demo.offers import season_of
from maillage.signed_in import Json
from maillage.together import together

TREASURERS = {"tremplin": "sofia", "tilleuls": "els", "grange": "tom", "elan": "marta"}
SUPERVISED_SESSIONS = {"cirque": 4, "radio": 3, "devoirs": 2, "basket": 2}
PLANNERS = {"cirque": "amelie", "radio": "amelie", "devoirs": "amelie", "basket": "marta"}
MINIBUS, HALL = "minibus", "hall"
RESOURCES: dict[str, tuple[str, Json]] = {
    MINIBUS: ("elan", {"kind": "vehicle", "name": "Minibus", "capacity": 8, "price_per_hour_minor": 900}),
    HALL: ("grange", {"kind": "room", "name": "Großer Saal", "capacity": 60, "price_per_hour_minor": 1_500}),
}
"""What is pooled: by whom, and what it is."""


async def load_means(loading: Loading) -> None:
    """Independent of each other."""
    budgets = [_plan_budget(loading, activity) for activity in loading.demo.activities]
    teams = [_assign_team(loading, series) for series in loading.demo.series if series.key in SUPERVISED_SESSIONS]
    resources = [_pool(loading, key) for key in RESOURCES]
    await together([*budgets, *teams, *resources, _furnish(loading)])


async def _pool(loading: Loading, key: str) -> None:
    owner, fields = RESOURCES[key]
    body = {"organisation_id": loading.state.organisations[owner], "pooled": True, **fields}
    made = await loading.create(staff_of(owner), "partners", "/resources", body, f"resource-{key}")
    loading.state.resources[key] = made["id"]
    loading.advance(str(fields["name"]))


async def _furnish(loading: Loading) -> None:
    """The youth house's own room: inspected, rented from the municipality, with a key that somebody has."""
    house, planner, today = loading.state.organisations["tremplin"], staff_of("tremplin"), loading.state.day
    room = {"kind": "room", "name": "Salle du haut", "capacity": 30, "accessibility": ["ascenseur"]}
    made = await loading.create(planner, "partners", "/resources", {"organisation_id": house, **room}, "resource-salle")
    loading.state.resources["salle"] = made["id"]
    here = f"/resources/{made['id']}"
    paper = {
        "kind": "fire_inspection", "issuer": "Zone de secours", "issued_on": str(today - timedelta(days=200)),
        "expires_on": str(today + timedelta(days=165)),
    }  # fmt: skip
    lease = {
        "side": "tenant", "other_side": "Commune de Valbois", "reference": "Classeur 4", "notice_months": 3,
        "starts_on": str(today - timedelta(days=700)), "ends_on": str(today + timedelta(days=395)),
        "rent_minor": 45_000, "deposit_minor": 90_000,
    }  # fmt: skip
    await loading.create(planner, "partners", f"{here}/papers", paper, "paper-salle")
    await loading.create(planner, "partners", f"{here}/leases", lease, "lease-salle")
    key = await loading.create(planner, "partners", f"{here}/keys", {"label": "H1", "note": "Porte"}, "key-salle")
    given = {"holder_name": "Nadia Peeters", "handed_over_on": str(today - timedelta(days=9))}
    given["due_on"] = str(today - timedelta(days=2))
    await loading.create(planner, "partners", f"/keys/{key['id']}/handovers", given, "handover-salle")
    loading.advance(str(room["name"]))


async def _plan_budget(loading: Loading, activity: Activity) -> None:
    """For the calendar year in which the season ends: most of the sessions lie there."""
    programme = next(item for item in loading.demo.programmes if item.key == activity.programme)
    body = {
        "organisation_id": loading.state.organisations[programme.organisation],
        "activity_id": loading.state.activities[activity.key],
        "activity_title": activity.title,
        "year": season_of(loading.state.day)[2].year,
        "lines": [
            {"kind": "income", "label": "Participations", "planned_minor": activity.planned_income_minor},
            {"kind": "expense", "label": "Animation", "planned_minor": activity.planned_expense_minor},
        ],
    }
    await loading.create(TREASURERS[programme.organisation], "finance", "/budgets", body, f"budget-{activity.key}")
    loading.advance(f"Budget {activity.title}")


async def _assign_team(loading: Loading, series: Series) -> None:
    for number, session_id in enumerate(loading.state.sessions[series.key][: SUPERVISED_SESSIONS[series.key]]):
        body: Json = {"display_name": "Noah Bennett", "qualification": "qualified", "engagement": "employee"}
        if series.key != "basket":
            body["account"] = {"issuer": loading.platform.stack.issuer, "subject": "noah"}
        else:
            body["display_name"] = "Malik Osei"
        path = f"/sessions/{session_id}/supervisors"
        await loading.create(PLANNERS[series.key], "staffing", path, body, f"team-{series.key}-{number}")
    loading.advance(f"Team of {series.title}")
