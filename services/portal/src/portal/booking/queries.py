"""Questions about whom somebody may book for."""

from __future__ import annotations

import asyncio

from portal.asking import Json, Refused
from portal.booking.domain import Party, candidate_of
from portal.directory.domain import Organisation
from portal.directory.queries import list_posts
from portal.sessions.domain import Session
from portal.visits import Visitor, is_id

HOUSEHOLDS_SECONDS = 20.0


async def list_own_households(visitor: Visitor) -> list[Json]:
    """The households that the visitor answers for."""

    async def ask() -> list[Json]:
        return await visitor.asking.list_all("activities", "/households", mine=True)

    return await visitor.known("households", HOUSEHOLDS_SECONDS, ask)


async def list_parties(visitor: Visitor, session: Session, wanted_id: str) -> list[Party]:
    """The visitor's households, then the associations for whose people they may book.

    The organiser's own team books for the one household that it asks for.
    """
    households, posts, roster = await asyncio.gather(
        list_own_households(visitor),
        list_posts(visitor),
        visitor.asking.get("activities", f"/sessions/{session.id}/roster"),
    )
    booked_ids = frozenset(entry["participant_id"] for entry in roster)
    if any(post.is_field_staff and post.organisation.id == session.organisation_id for post in posts):
        households = await _with_wanted(visitor, households, wanted_id)
    groups = [post.organisation for post in posts if post.is_field_staff and post.organisation.kind == "association"]
    return list(
        await asyncio.gather(
            *(_household_party(visitor, household, session, booked_ids) for household in households),
            *(_group_party(visitor, group, session, booked_ids) for group in groups),
        )
    )


async def _with_wanted(visitor: Visitor, households: list[Json], wanted_id: str) -> list[Json]:
    """The household that was asked for, first."""
    if not is_id(wanted_id) or any(household["id"] == wanted_id for household in households):
        return households
    try:
        return [await visitor.asking.get("activities", f"/households/{wanted_id}"), *households]
    except Refused:
        return households


async def _household_party(visitor: Visitor, household: Json, session: Session, booked: frozenset[str]) -> Party:
    people = await visitor.asking.list_all("activities", "/participants", household_id=household["id"])
    candidates = [candidate_of(person, session, booked) for person in people]
    return Party(household["id"], "household", household["name"], candidates)


async def _group_party(visitor: Visitor, group: Organisation, session: Session, booked: frozenset[str]) -> Party:
    people = await visitor.asking.list_all("activities", "/participants", organisation_id=group.id)
    people.sort(key=lambda person: (person["family_name"], person["given_name"]))
    candidates = [candidate_of(person, session, booked) for person in people]
    return Party(group.id, "organisation", group.name, candidates)
