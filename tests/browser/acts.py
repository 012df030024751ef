"""What people of the demo federation make for the pages that show such things: found where it is, else made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from maillage.signed_in import Platform, SignedIn
from tests.browser.conftest import Stage
from tests.browser.pages import Made

AHEAD = timedelta(days=20)


async def make_all(stage: Stage) -> Made:
    """One of each."""
    state = stage.state
    house, household, hall = state.organisations["tremplin"], state.households["tremplin-01"], state.resources["salle"]
    noah_id = state.workers["noah"]
    async with Platform(stage.stack.describe()) as platform:
        amelie, amina, noah, sofia = [await platform.person(name) for name in ("amelie", "amina", "noah", "sofia")]
        contacts = await amelie.get("activities", f"/households/{household}/contacts")
        bookings = await amina.list_all("activities", "/bookings", payer_id=household)
        budgets = await sofia.list_all("finance", "/budgets", organisation_id=house)
        agreements = await amelie.list_all("partners", "/agreements")
        meetings = await amelie.list_all("partners", "/meetings")
        leases = await amelie.get("partners", f"/resources/{hall}/leases")
        await noah.create("staffing", f"/people/{noah_id}/passport", {}, "act-passport")
        begins = (datetime.now(UTC) + AHEAD).replace(hour=9, minute=0, second=0, microsecond=0)
        times = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
        own = {"organisation_id": house, **times}
        shift = await amelie.create(
            "staffing", "/shifts", {**own, "title": "Permanence", "role": "helper"}, "act-shift"
        )
        on_it = await amelie.create(
            "staffing", f"/shifts/{shift['id']}/assignments", {"person_id": noah_id}, "act-assignment"
        )
        week = {"organisation_id": house, "from_at": times["starts_at"], "until_at": (begins + AHEAD).isoformat()}
        proposal = await amelie.create("staffing", "/proposals", week, "act-proposal")
        share_rule = {
            "organisation_id": house,
            "borne_percent": 0,
            "valid_from": "2020-01-01",
            "valid_to": "2020-01-31",
        }
        course = {"title": "Premiers secours", "kind": "first_aid", "issuer": "Croix-Rouge", "places": 8, **own}
        return Made(
            contact=contacts[0]["id"],
            booking=next(one["id"] for one in bookings if one["state"] == "confirmed"),
            assignment=on_it["id"],
            budget=budgets[0]["id"],
            share_rule=(await sofia.create("finance", "/share-rules", share_rule, "act-share-rule"))["id"],
            agreement=agreements[0]["id"],
            meeting=meetings[0]["id"],
            hall=hall,
            lease=leases[0]["id"],
            shift=shift["id"],
            proposal=proposal["id"],
            helper=noah_id,
            vacancy=await _vacancy(amelie, house),
            training=(await amelie.create("staffing", "/trainings", course, "act-training"))["id"],
        )


async def _vacancy(amelie: SignedIn, house: str) -> str:
    body = {
        "organisation_id": house, "title": "Animateurs pour l’été", "footing": "volunteer", "role": "animator",
        "starts_on": "2026-07-01",
    }  # fmt: skip
    made = await amelie.create("staffing", "/vacancies", body, "act-vacancy")
    path = f"/vacancies/{made['id']}"
    known = await amelie.get("staffing", path)
    if known["state"] != "published":
        await amelie.change("PATCH", "staffing", path, {"state": "published"}, known["version"])
    return str(made["id"])
