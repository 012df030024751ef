"""Programmes from draft to published, their activities, and forty sessions."""

from maillage.demo.loading import NEWS_SECONDS, Loading
from maillage.demo.model import Activity, Programme, Series
from maillage.signed_in import Json
from maillage.together import together

STEPS = {"draft": "approved", "approved": "published"}
TERMS = {
    "steps": [{"hours_before": 24, "percent": 100}, {"hours_before": 2, "percent": 50}],
    "excused_percent": 50,
}


async def load_offers(loading: Loading) -> None:
    """Programmes first; everything in one of them at once."""
    await together(_publish(loading, programme) for programme in loading.demo.programmes)
    await together(_add_activity(loading, activity) for activity in loading.demo.activities)
    await together(_plan(loading, series) for series in loading.demo.series)


async def _publish(loading: Loading, programme: Programme) -> None:
    body = {
        "organisation_id": loading.state.organisations[programme.organisation],
        "title": programme.title,
        "season": programme.season,
        "starts_on": programme.starts_on.isoformat(),
        "ends_on": programme.ends_on.isoformat(),
        "audience": programme.audience,
        "policy_axes": list(programme.policy_axes),
        "objectives": [
            {
                "statement": programme.objective,
                "indicator": programme.indicator,
                "unit": programme.indicator,
                "target": programme.target,
            }
        ],
    }
    made = await loading.create(programme.planner, "activities", "/programmes", body, f"programme-{programme.key}")
    planner = await loading.platform.person(programme.planner)
    leader = await loading.platform.person(programme.leader)
    path = f"/programmes/{made['id']}"
    current: Json = await planner.get("activities", path)
    while current["state"] in STEPS:
        wanted = STEPS[current["state"]]
        who = leader if wanted == "approved" else planner
        current = await who.change("PATCH", "activities", path, {"state": wanted}, current["version"], NEWS_SECONDS)
    loading.state.programmes[programme.key] = made["id"]
    loading.advance(programme.title)


async def _add_activity(loading: Loading, activity: Activity) -> None:
    programme = next(item for item in loading.demo.programmes if item.key == activity.programme)
    body = {
        "programme_id": loading.state.programmes[programme.key],
        "title": activity.title,
        "audience": activity.audience,
        "waiting_rule": activity.waiting_rule,
        "cancellation_terms": TERMS,
    }
    made = await loading.create(programme.planner, "activities", "/activities", body, f"activity-{activity.key}")
    loading.state.activities[activity.key] = made["id"]
    loading.advance(activity.title)


async def _plan(loading: Loading, series: Series) -> None:
    body = {
        "activity_id": loading.state.activities[series.activity],
        "site_id": loading.state.organisations[series.site],
        "title": series.title,
        "first_starts_at_local": series.first_local.isoformat(),
        "duration_minutes": series.minutes,
        "rule": series.rule,
        "skip_school_holidays": series.skips_school_holidays,
        "capacity": series.capacity,
        "minimum": series.minimum,
        "prices": dict(series.prices),
        "supervision": series.supervision,
        "age_from": series.age_from,
        "age_to": series.age_to,
        "accessibility": list(series.accessibility),
        "open_door": series.open_door,
    }
    planner = _planner_of(loading, series.activity)
    made = await loading.create(planner, "activities", "/sessions/series", body, f"series-{series.key}")
    loading.state.sessions[series.key] = [session["id"] for session in made["sessions"]]
    loading.advance(f"{series.title}, {series.sessions}×")


def _planner_of(loading: Loading, activity_key: str) -> str:
    activity = next(item for item in loading.demo.activities if item.key == activity_key)
    return next(item.planner for item in loading.demo.programmes if item.key == activity.programme)
