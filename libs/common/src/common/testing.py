"""What tests of every service need: a transaction that leaves nothing behind, and a look into the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from common.database import Context, apply_context
from common.outbox import outbox_events
from common.reactions import Reaction, handle_once
from contracts.event import EVENTS, Envelope, Event

_EXAMPLES = Path(__file__).parents[4] / "libs" / "contracts" / "examples"


@asynccontextmanager
async def rolled_back(engine: AsyncEngine, context: Context | None = None) -> AsyncIterator[AsyncSession]:
    """A session in which product code works as usual, commits included, and nothing stays."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        session = AsyncSession(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        async with session.begin():
            await apply_context(session, context or {})
            yield session
        await outer.rollback()


async def published(session: AsyncSession) -> list[Event]:
    """The events that this transaction wrote into the outbox so far, in order; tombstones are no events."""
    this_transaction = text("xid = pg_current_xact_id()")
    columns = (outbox_events.c.wire_type, outbox_events.c.payload)
    rows = await session.execute(select(*columns).where(this_transaction).order_by(outbox_events.c.id))
    return [EVENTS[row.wire_type].model_validate_json(row.payload) for row in rows if row.payload]


def example(event_class: type[Event], **changes: object) -> Event:
    """The committed example of an event, with some fields replaced."""
    event = event_class.model_validate_json((_EXAMPLES / f"{event_class.wire_type}.json").read_bytes())
    return event_class.model_validate({**event.model_dump(), **changes})


async def deliver(session: AsyncSession, reaction: Reaction, event: Event, event_id: UUID | None = None) -> str:
    """Hand an event to a consumer group as Kafka would; the same event has the same id, so twice is a repetition."""
    payload = event.model_dump_json()
    return await handle_once(
        session, reaction, _envelope_of(event, event_id or uuid5(event.key, payload)), str(event.key), payload.encode()
    )


async def deliver_tombstone(session: AsyncSession, reaction: Reaction, event: Event) -> str:
    """Hand a consumer group the end of an event's key, as a compacted topic carries it."""
    envelope = _envelope_of(event, uuid5(event.key, "tombstone"))
    return await handle_once(session, reaction, envelope, str(event.key), None)


def _envelope_of(event: Event, event_id: UUID) -> Envelope:
    return Envelope.model_validate(
        {
            "id": event_id,
            "type": event.wire_type,
            "source": "/maillage/test",
            "time": "2026-01-01T00:00:00Z",
            "subject": str(event.key),
            "organisation": event.organisation_id,
        }
    )
