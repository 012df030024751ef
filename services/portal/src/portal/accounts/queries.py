"""Everything that the services know of the person who asks."""

from __future__ import annotations

import asyncio
from typing import Any

from portal.asking import Json, part
from portal.booking.queries import list_own_households
from portal.visits import Visitor


async def list_own_contacts(visitor: Visitor) -> list[Json]:
    """Where the visitor's households are told things."""
    paths = [f"/households/{household['id']}/contacts" for household in await list_own_households(visitor)]
    found = await visitor.asking.get_many("activities", paths)
    return [contact for contacts in found for contact in contacts or ()]


async def collect_own_data(visitor: Visitor) -> dict[str, Any]:
    """What is kept of the visitor and their household, by subject; None for a service that does not answer."""
    asking = visitor.asking
    households = (await part(list_own_households(visitor), [])).value
    parts: dict[str, Any] = {
        "memberships": asking.list_all("partners", "/memberships/mine"),
        "contacts": list_own_contacts(visitor),
        "participants": _of_each(visitor, households, "activities", "/participants", "household_id"),
        "consents": _list_of_each(visitor, households, "consents"),
        "attestations": _list_of_each(visitor, households, "attestations"),
        "bookings": _of_each(visitor, households, "activities", "/bookings", "payer_id"),
        "charges": _of_each(visitor, households, "finance", "/charges", "payer_id"),
        "dues": _of_each(visitor, households, "finance", "/dues", "payer_id"),
        "messages": asking.list_all("notifications", "/messages/mine"),
        "work": collect_own_work(visitor),
    }
    found = await asyncio.gather(*(part(asked, None) for asked in parts.values()))
    session = visitor.person
    account = {"subject": session.subject, "display_name": session.display_name}
    answers = {name: answer.value for name, answer in zip(parts, found, strict=True)}
    return {"account": account, "households": households, **answers}


async def collect_own_work(visitor: Visitor) -> dict[str, Any]:
    """What staffing keeps of the visitor as somebody who works or helps, in every association."""
    asking = visitor.asking
    people: list[Json] = await asking.get("staffing", "/people/mine")
    ids = [person["id"] for person in people]
    found = await asyncio.gather(
        asking.get_many("staffing", [f"/people/{person_id}/availability" for person_id in ids]),
        asking.get_many("staffing", [f"/people/{person_id}/passport" for person_id in ids]),
        asking.get("staffing", "/assignments/mine"),
        *(_of_people(visitor, ids, path) for path in ("/leaves", "/qualifications", "/hours")),
    )
    names = ("availability", "passports", "assignments", "leaves", "qualifications", "hours")
    return {"people": people, **dict(zip(names, found, strict=True))}


async def _list_of_each(visitor: Visitor, households: list[Json], folder: str) -> list[Json]:
    paths = [f"/households/{household['id']}/{folder}" for household in households]
    found = await asyncio.gather(*(visitor.asking.list_all("activities", path) for path in paths))
    return [answer for answers in found for answer in answers]


async def _of_people(visitor: Visitor, person_ids: list[str], path: str) -> list[Json]:
    asked = [visitor.asking.list_all("staffing", path, person_id=person_id) for person_id in person_ids]
    return [item for items in await asyncio.gather(*asked) for item in items]


async def _of_each(visitor: Visitor, households: list[Json], service: str, path: str, owner: str) -> list[Json]:
    asked = [visitor.asking.list_all(service, path, **{owner: household["id"]}) for household in households]
    return [item for items in await asyncio.gather(*asked) for item in items]
