"""Parked events: the first one that failed for a key, and all later ones of that key behind it, in order."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from common import kafka
from common.database import Database
from common.reactions import Reaction, handle_parked

PARK = text(
    """insert into parked_events (consumer_group, event_id, event_key, topic, partition, record_offset,
                                  wire_type, headers, payload, error)
       values (:group, :event_id, :key, :topic, :partition, :offset, :wire_type, :headers, :payload, :error)
       on conflict (consumer_group, event_id) do nothing"""
).bindparams(bindparam("headers", type_=JSONB))
LIST = text(
    """select id, consumer_group, event_key, wire_type, topic, parked_at, attempts, error,
              count(*) over (partition by consumer_group, event_key) as waiting
         from parked_events where (cast(:group as text) is null or consumer_group = :group) order by id"""
)
SHOW = text("select * from parked_events where id = :id")
NEXT_OF_KEY = text(
    """select * from parked_events where consumer_group = :group and event_key is not distinct from :key
        order by id limit 1 for update"""
)
FORGET = text("delete from parked_events where id = :id")
COUNT_ATTEMPT = text("update parked_events set attempts = attempts + 1, error = :error where id = :id")
REMEMBER = text(
    "insert into handled_events (consumer_group, event_id) values (:group, :event_id) on conflict do nothing"
)
DECIDE = text(
    """insert into parked_decisions (consumer_group, event_id, wire_type, decision, reason)
       values (:group, :event_id, :wire_type, :decision, :reason)"""
)
COUNT_KEYS = text("select count(distinct (consumer_group, event_key)) from parked_events")


class NotParked(Exception):
    """No parked event has this id."""


@dataclass(frozen=True)
class Retried:
    """How a retry of one key went: how many events are through, and the error at the first that is not."""

    handled: int
    error: str | None


async def park(
    session: AsyncSession, group: str, record: ConsumerRecord, fallback_id: UUID, error: BaseException
) -> None:
    """Keep the record as it came, byte for byte; parking the same event again changes nothing."""
    try:
        envelope = kafka.decode_headers(record.headers)
        event_id, wire_type = envelope.id, envelope.type
    except kafka.UndecodableRecord:
        event_id, wire_type = fallback_id, None
    await session.execute(
        PARK,
        {
            "group": group,
            "event_id": event_id,
            "key": key_of(record),
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "wire_type": wire_type,
            "headers": [[_storable(name), base64.b64encode(value or b"").decode()] for name, value in record.headers],
            "payload": record.value,
            "error": _storable(f"{type(error).__name__}: {error}")[:2_000],
        },
    )


def key_of(record: ConsumerRecord) -> str | None:
    """The record's key as the text that keeps its order; bytes that are no text become one sign."""
    return None if record.key is None else _storable(record.key.decode(errors="replace"))


def _storable(value: str) -> str:
    """PostgreSQL stores no NUL and no lone surrogate."""
    return value.replace("\x00", "�").encode(errors="replace").decode()


async def list_parked(session: AsyncSession, group: str | None = None) -> Sequence[Row[Any]]:
    """What is parked, oldest first; `waiting` counts the events of the same key."""
    return (await session.execute(LIST, {"group": group})).all()


async def get_parked(session: AsyncSession, parked_id: UUID) -> Row[Any]:
    """One parked event with headers and payload. Raises NotParked."""
    row = (await session.execute(SHOW, {"id": parked_id})).one_or_none()
    if row is None:
        raise NotParked(f"nothing is parked under {parked_id}")
    return row


async def count_parked_keys(session: AsyncSession) -> int:
    """How many keys wait."""
    return int((await session.execute(COUNT_KEYS)).scalar_one())


async def retry_key(database: Database, reaction: Reaction, key: str | None) -> Retried:
    """Handle the parked events of a key in order, each in its own transaction, up to the first that still fails."""
    handled = 0
    while True:
        parked_id: UUID | None = None
        try:
            async with database.transaction() as session:
                row = (await session.execute(NEXT_OF_KEY, {"group": reaction.group, "key": key})).one_or_none()
                if row is None:
                    return Retried(handled, None)
                parked_id = row.id
                headers = [(name, base64.b64decode(value)) for name, value in row.headers]
                await session.execute(FORGET, {"id": row.id})
                await handle_parked(session, reaction, kafka.decode_headers(headers), row.event_key, row.payload)
            handled += 1
        except Exception as error:
            if parked_id is None:
                raise
            async with database.transaction() as session:
                await session.execute(COUNT_ATTEMPT, {"id": parked_id, "error": _storable(repr(error))[:2_000]})
            return Retried(handled, repr(error))


async def discard(session: AsyncSession, parked_id: UUID, reason: str) -> None:
    """Give one event up for good, with the reason kept; what waits behind it can be retried then."""
    row = await get_parked(session, parked_id)
    facts = {"group": row.consumer_group, "event_id": row.event_id}
    await session.execute(REMEMBER, facts)
    await session.execute(DECIDE, {**facts, "wire_type": row.wire_type, "decision": "discarded", "reason": reason})
    await session.execute(FORGET, {"id": parked_id})
