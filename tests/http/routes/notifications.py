"""The routes of the notifications service, and a parent and a coordinator who were told of a booking."""

from __future__ import annotations

import secrets

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from access.roles import PLANNERS
from common.ids import new_id
from common.testing import deliver
from contracts.partners import Role
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.http.route_table import OpenTo, Route, Scene, roles
from tests.notifications.people import MESSAGES, RECIPIENTS, Town, booking_of, contact_of

ABOUT_PARENT = text("select id from messages where organisation_id = :organisation_id and kind = 'booking_confirmed'")


async def prepare(world: World, databases: ServiceDatabases) -> Scene:
    """A booking of which the family and the coordinator were told."""
    own = await world.organisation()
    coordinator = await world.member(own, Role.coordinator)
    account = world.stranger(f"parent-{secrets.token_hex(6)}")
    contact = contact_of(own, account_subject=account.subject, display_name="Secret parent", email="secret@example.org")
    session_id = new_id()
    async with AsyncSession(databases.engine("worker")) as session, session.begin():
        town = Town(session)
        await town.member(own, Role.coordinator, account_subject=coordinator.subject)
        await deliver(session, RECIPIENTS, contact)
        await deliver(session, MESSAGES, booking_of(own, contact, session_id=session_id))
    persons = (new_id(), *(person.participant_id for person in contact.persons))
    ids = {"message_id": await message_to_parent(databases.engine("owner"), own), "session_id": str(session_id)}
    return Scene(
        own,
        ids,
        parent=await world.parent(own, *persons),
        other_parent=await world.parent(own, new_id(), new_id()),
        secrets=(*ids.values(), "Secret parent", "secret@example.org", str(contact.contact_id)),
    )


async def message_to_parent(owner: AsyncEngine, organisation_id: object) -> str:
    """The id of the message that the family got."""
    async with owner.connect() as connection:
        found = await connection.scalars(ABOUT_PARENT, {"organisation_id": organisation_id})
        return str(found.one())


PLAN = roles(PLANNERS)
ROUTES = (
    Route("GET", "/messages/mine", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/messages/mine/read-all", open_to=OpenTo.SIGNED_IN),
    Route("POST", "/messages/{message_id}/read"),
    Route("GET", "/messages", PLAN),
    Route("GET", "/sessions/{session_id}/messages", PLAN, open_to=OpenTo.SIGNED_IN, shows=False),
    Route("GET", "/messages/{message_id}", PLAN),
    Route("POST", "/messages/{message_id}/retry", PLAN),
    Route("POST", "/messages/{message_id}/printed", PLAN),
    Route("GET", "/recipients", PLAN),
)
