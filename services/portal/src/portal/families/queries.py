"""Questions about the families of an association."""

from __future__ import annotations

import asyncio

from portal.asking import Json, Refused
from portal.consents.queries import list_sheets_of_household, list_sheets_of_participant
from portal.directory.domain import Post
from portal.families.domain import Family
from portal.visits import Visitor

SHOWN_MAX = 100


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
    household = await visitor.asking.get("activities", f"/households/{household_id}")
    _check_home(household, post)
    members, contacts, sheets = await asyncio.gather(
        visitor.asking.list_all("activities", "/participants", household_id=household_id),
        visitor.asking.get("activities", f"/households/{household_id}/contacts"),
        list_sheets_of_household(visitor, household),
    )
    return Family(household["name"], f"families/{household_id}", household, members, contacts, sheets)


async def get_single(visitor: Visitor, post: Post, participant_id: str) -> Family:
    """Somebody of the association who has no household. Raises Refused (404)."""
    person = await visitor.asking.get("activities", f"/participants/{participant_id}")
    _check_home(person, post)
    name = f"{person['given_name']} {person['family_name']}"
    sheets = await list_sheets_of_participant(visitor, person)
    return Family(name, f"participants/{participant_id}", None, [person], [], sheets)


def _check_home(record: Json, post: Post) -> None:
    if record["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "At home with another association", None)
