"""What a consumer group does on each event, once in effect whatever is delivered twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy.exc
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import ACTOR_SETTING, ORGANISATIONS_SETTING, uuid_array
from contracts.event import Envelope, Event

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
Eraser = Callable[[AsyncSession, UUID], Awaitable[None]]
"""Forgets what a group keeps of one key, in a transaction of the organisation that the key belonged to."""

PASSING_SQLSTATES = ("08", "40", "53", "57", "55P03", "58")
"""Connection lost, rolled back by the server, out of resources, shutting down, lock not to be had, disk trouble."""

REMEMBER = text(
    f"""with remembered as (
          insert into handled_events (consumer_group, event_id) values (:group, :event_id)
          on conflict do nothing returning 1)
        select set_config('{ORGANISATIONS_SETTING}', :organisations, true),
               set_config('{ACTOR_SETTING}', :actor, true),
               exists (select from remembered) as is_new,
               exists (select from parked_events where consumer_group = :group and event_key = :key) as key_is_parked"""
)


@dataclass(frozen=True)
class Reaction:
    """A consumer group and what it does on each event; the topics follow from the events.

    `erasers` say what a tombstone does (a record of that event without a payload, on a compacted topic).
    """

    group: str
    handlers: Mapping[type[Event], Handler]
    erasers: Mapping[type[Event], Eraser] = field(default_factory=dict)

    @property
    def topics(self) -> list[str]:
        """The topics that the group reads."""
        return sorted({event.topic for event in self.handlers})

    def find(self, wire_type: str | None) -> tuple[type[Event], Handler] | None:
        """The event class and handler of a wire type, if the group cares about it."""
        for event_class, handler in self.handlers.items():
            if event_class.wire_type == wire_type:
                return event_class, handler
        return None


class Poison(Exception):
    """An event that no repetition will make right; carries why."""


class KeyIsParked(Exception):
    """An earlier event of the same key waits for a person, so this one waits behind it."""


async def handle_once(
    session: AsyncSession, reaction: Reaction, envelope: Envelope, key: str | None, payload: bytes | None
) -> str:
    """Handle an event in this transaction unless the group did so before: "repeated" then, else what was done.

    That is "handled", "erased" for a tombstone, or "unknown" for what the group does not react to.

    Raises KeyIsParked when an earlier event of the key waits, Poison when the payload is not what its type promises.
    """
    found = reaction.find(envelope.type)
    if found is None:
        return "unknown"
    seen = await _remember(session, reaction, envelope, key)
    if not seen.is_new:
        return "repeated"
    if seen.key_is_parked:
        raise KeyIsParked(f"an earlier event of {key} is parked")
    return await _act(session, reaction, found, envelope, key, payload)


async def _act(
    session: AsyncSession,
    reaction: Reaction,
    found: tuple[type[Event], Handler],
    envelope: Envelope,
    key: str | None,
    payload: bytes | None,
) -> str:
    event_class, handler = found
    if payload is None and event_class in reaction.erasers:
        await reaction.erasers[event_class](session, _key_of_tombstone(key))
        return "erased"
    await handler(session, decode_event(event_class, envelope, payload))
    return "handled"


def _key_of_tombstone(key: str | None) -> UUID:
    try:
        return UUID(key or "")
    except ValueError as error:
        raise Poison(f"a tombstone for no id: {key!r}") from error


async def handle_parked(
    session: AsyncSession, reaction: Reaction, envelope: Envelope, key: str | None, payload: bytes | None
) -> None:
    """Handle the head of a parked key in this transaction; later ones of the key do not stop it."""
    found = reaction.find(envelope.type)
    seen = await _remember(session, reaction, envelope, None)
    if found is not None and seen.is_new:
        await _act(session, reaction, found, envelope, key, payload)


async def _remember(session: AsyncSession, reaction: Reaction, envelope: Envelope, key: str | None) -> Row[Any]:
    """Claim the event for this group and set the transaction's context, in one statement."""
    values = {
        "group": reaction.group,
        "event_id": envelope.id,
        "key": key,
        "organisations": uuid_array({envelope.organisation}),
        "actor": f"event {envelope.id}",
    }
    return (await session.execute(REMEMBER, values)).one()


def decode_event(event_class: type[Event], envelope: Envelope, payload: bytes | None) -> Event:
    """The event of a record. Raises Poison when it is empty, not of its type, or not of the organisation it says."""
    try:
        event = event_class.model_validate_json(payload or b"")
    except ValueError as error:
        raise Poison(f"payload is not a {envelope.type}: {error}") from error
    if event.organisation_id != envelope.organisation:
        raise Poison("ce_organisation and the payload's organisation_id differ")
    return event


def is_passing(error: BaseException) -> bool:
    """True for faults of the surroundings (database away, lock, deadlock), which a repetition outlives."""
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        sqlstate = getattr(error.orig, "sqlstate", None) or ""
        is_unusable_value = isinstance(error.driver_exception, ValueError)
        is_confused = isinstance(error.driver_exception, asyncpg.InternalClientError)
        is_lost = error.connection_invalidated or is_confused or isinstance(error, sqlalchemy.exc.InterfaceError)
        return (is_lost and not is_unusable_value) or sqlstate.startswith(PASSING_SQLSTATES)
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(PASSING_SQLSTATES)
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        return not isinstance(error, ValueError)
    return isinstance(error, OSError | TimeoutError | sqlalchemy.exc.TimeoutError)
