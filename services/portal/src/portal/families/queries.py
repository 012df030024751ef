"""Questions about the families of an association."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from common.clock import now
from portal.agenda.queries import list_sessions
from portal.asking import Json, Refused
from portal.consents.queries import list_sheets_of_household, list_sheets_of_participant
from portal.directory.domain import Post
from portal.families.domain import Family
from portal.sessions.domain import Session
from portal.sessions.queries import get_session
from portal.visits import Visitor, is_id

SHOWN_MAX = 100
BOOKED_AHEAD = timedelta(weeks=4)
SESSIONS_SHOWN_MAX = 12


async def list_families(visitor: Visitor, post: Post, name: str) -> tuple[list[Json], list[Json]]:
    """Households, and people without one, whose name contains a text: the first hundred of each, by name."""
    wanted = {"organisation_id": post.organisation.id, "name_contains": name, "limit": SHOWN_MAX}
    households, people = await asyncio.gather(
        visitor.asking.get("activities", "/households", **wanted),
        visitor.asking.get("activities", "/participants", **wanted),
    )
    alone = [person for person in people["items"] if person["household_id"] is None]
    return (
        sorted(households["items"], key=lambda one: str(one["name"]).casefold()),
        sorted(alone, key=lambda one: (str(one["family_name"]).casefold(), str(one["given_name"]))),
    )


async def get_family(visitor: Visitor, post: Post, household_id: str) -> Family:
    """A household of the association with its people. Raises Refused (404)."""
    household = await get_household(visitor, post, household_id)
    members, contacts, sheets = await asyncio.gather(
        visitor.asking.list_all("activities", "/participants", household_id=household_id),
        visitor.asking.get("activities", f"/households/{household_id}/contacts"),
        list_sheets_of_household(visitor, household),
    )
    return Family(household["name"], f"families/{household_id}", household, members, contacts, sheets)


async def get_household(visitor: Visitor, post: Post, household_id: str) -> Json:
    """A household of the association. Raises Refused (404)."""
    household: Json = await visitor.asking.get("activities", f"/households/{household_id}")
    _check_home(household, post)
    return household


async def get_contact(visitor: Visitor, post: Post, contact_id: str) -> tuple[Json, Json]:
    """A contact of a household of the association, with the household. Raises Refused (404)."""
    contact: Json = await visitor.asking.get("activities", f"/contacts/{contact_id}")
    return contact, await get_household(visitor, post, contact["household_id"])


async def get_person(visitor: Visitor, post: Post, participant_id: str) -> Json:
    """Somebody of the association. Raises Refused (404)."""
    person: Json = await visitor.asking.get("activities", f"/participants/{participant_id}")
    _check_home(person, post)
    return person


async def list_sessions_to_book(visitor: Visitor, post: Post) -> list[Session]:
    """The association's next sessions that can be booked, in order."""
    moment = now()
    today = moment.date()
    found = await list_sessions(visitor.asking, today, today + BOOKED_AHEAD, organisation_id=post.organisation.id)
    coming = sorted((one for one in found if one.is_bookable(moment)), key=lambda one: (one.starts_at, one.id))
    return coming[:SESSIONS_SHOWN_MAX]


async def find_session_to_book(visitor: Visitor, post: Post, session_id: str) -> Session | None:
    """The session that somebody calls about; None for one that cannot be booked here."""
    if not is_id(session_id):
        return None
    try:
        found = await get_session(visitor.asking, session_id)
    except Refused:
        return None
    return found if found.organisation_id == post.organisation.id and found.is_bookable(now()) else None


async def get_single(visitor: Visitor, post: Post, participant_id: str) -> Family:
    """Somebody of the association who has no household. Raises Refused (404)."""
    person = await get_person(visitor, post, participant_id)
    name = f"{person['given_name']} {person['family_name']}"
    sheets = await list_sheets_of_participant(visitor, person)
    return Family(name, f"participants/{participant_id}", None, [person], [], sheets)


def _check_home(record: Json, post: Post) -> None:
    if record["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "At home with another association", None)
