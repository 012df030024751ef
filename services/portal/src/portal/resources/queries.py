"""Questions about resources."""

from __future__ import annotations

from datetime import date, datetime

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.resources.domain import KEEPS_OTHERS_AWAY, Reservation, reservation_of
from portal.visits import Visitor


async def list_resources(visitor: Visitor) -> list[Json]:
    """What the visitor's associations have, and what others lend to them."""
    return await visitor.asking.list_all("partners", "/resources")


async def get_resource(visitor: Visitor, resource_id: str) -> Json:
    """A resource of the visitor's associations or lent to them. Raises Refused (404)."""
    return dict(await visitor.asking.get("partners", f"/resources/{resource_id}"))


async def get_own_resource(visitor: Visitor, post: Post, resource_id: str) -> Json:
    """One of the association's own. Raises Refused (404)."""
    resource = await get_resource(visitor, resource_id)
    if resource["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "Another association's", None)
    return resource


async def list_reservations(visitor: Visitor, ends_after: datetime, starts_before: datetime) -> list[Reservation]:
    """Reservations of the visitor's resources and those made for the visitor's associations, in a time."""
    answers = await visitor.asking.list_all(
        "partners", "/reservations", ends_after=ends_after.isoformat(), starts_before=starts_before.isoformat()
    )
    return [reservation_of(answer) for answer in answers]


async def list_citing(visitor: Visitor, agreement_id: str) -> list[Reservation]:
    """What is reserved under an agreement, the next first; what was given up is left out."""
    found = await visitor.asking.list_all("partners", "/reservations", agreement_id=agreement_id)
    live = [reservation_of(answer) for answer in found if answer["state"] in KEEPS_OTHERS_AWAY]
    return sorted(live, key=lambda one: one.starts_at)


async def list_citable(visitor: Visitor, post: Post, today: date) -> list[Json]:
    """Signed agreements of the association that are not over: a reservation can cite one."""
    signed = await visitor.asking.list_all("partners", "/agreements", party_id=post.organisation.id, state="signed")
    return [one for one in signed if one["ends_on"] is None or date.fromisoformat(one["ends_on"]) >= today]


async def list_requests(visitor: Visitor) -> list[Reservation]:
    """Reservations that wait for an owner's answer."""
    return [reservation_of(one) for one in await visitor.asking.list_all("partners", "/reservations", state="asked")]
