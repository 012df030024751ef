"""What associations do together beside sessions: an agreement, a meeting with its tasks; and hours to approve."""

from datetime import UTC, datetime, time, timedelta

from maillage.demo.loading import Loading
from maillage.signed_in import Json
from maillage.together import together

COOPERATION = 3


async def load_cooperation(loading: Loading) -> None:
    """Independent of each other."""
    await together([_agree(loading), _meet(loading), _record_hours(loading)])


async def _agree(loading: Loading) -> None:
    """The youth house and the cultural centre, signed by both directors."""
    house, centre = (loading.state.organisations[key] for key in ("tremplin", "grange"))
    day = loading.state.day
    body: Json = {
        "organisation_id": house,
        "title": "Cirque entre générations",
        "scope": "Le centre prête sa grande salle, la maison de jeunes anime les ateliers et invite son public.",
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=365)).isoformat(),
        "party_ids": [centre],
        "contributions": [
            {"party_id": centre, "kind": "place", "description": "Großer Saal, deux fois par mois"},
            {"party_id": house, "kind": "people", "description": "Une animatrice ou un animateur breveté"},
        ],
    }
    agreement = await loading.create("amelie", "partners", "/agreements", body, "agreement")
    path = f"/agreements/{agreement['id']}"
    amelie = await loading.platform.person("amelie")
    if (await amelie.get("partners", path))["state"] == "draft":
        await amelie.do("partners", f"{path}/send")
    for user_name, party_id, name in (("karim", house, "Karim Benali"), ("tom", centre, "Tom Weber")):
        signature = {"party_id": party_id, "signed_by": name, "signed_on": day.isoformat()}
        await loading.create(user_name, "partners", f"{path}/signatures", signature, f"signature-{user_name}")
    loading.advance(agreement["title"])


async def _meet(loading: Loading) -> None:
    """Last week, with a task for each side's coordinator that is still open."""
    house, centre = (loading.state.organisations[key] for key in ("tremplin", "grange"))
    starts_at = datetime.combine(loading.state.day - timedelta(days=6), time(17), tzinfo=UTC)
    body: Json = {
        "organisation_id": house,
        "title": "Préparer le spectacle commun",
        "place": "Centre culturel La Grange",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "partner_ids": [centre],
        "agenda": "Dates, salle, transport",
        "minutes": "La salle est libre en fin de semaine. Le minibus du club suffit pour les enfants.",
        "decisions": ["Le spectacle a lieu un vendredi.", "Chaque maison invite son propre public."],
        "attendances": [
            {"name": "Amélie Collard", "for_organisation_id": house},
            {"name": "Hanna Schmitz", "for_organisation_id": centre},
        ],
    }
    meeting = await loading.create("amelie", "partners", "/meetings", body, "meeting")
    amelie = await loading.platform.person("amelie")
    mine = await amelie.list_all("partners", "/memberships/mine")
    task = {
        "organisation_id": house,
        "meeting_id": meeting["id"],
        "title": "Réserver le minibus pour le spectacle",
        "owner_membership_id": next(one["id"] for one in mine if one["organisation_id"] == house),
        "due_on": (loading.state.day + timedelta(days=10)).isoformat(),
    }
    await loading.create("amelie", "partners", "/tasks", task, "task")
    loading.advance(meeting["title"])


async def _record_hours(loading: Loading) -> None:
    """Noah's afternoon of preparation, which waits for an approval."""
    starts_at = datetime.combine(loading.state.day - timedelta(days=3), time(13), tzinfo=UTC)
    body = {
        "title": "Préparation des ateliers",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
    }
    path = f"/people/{loading.state.workers['noah']}/hours"
    await loading.create("noah", "staffing", path, body, "hours")
    loading.advance(body["title"])
