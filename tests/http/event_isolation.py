"""Handles every event of a service, and notes what others see of it, or change by an event of their own."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import apply_context, organisation_context
from common.ids import new_id
from common.reactions import Reaction
from common.testing import deliver, example
from contracts.event import Event

OWNED_TABLES = text(
    """select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
          and c.relname <> 'due_rows'
          and a.attname = 'organisation_id' and not a.attisdropped and has_table_privilege(c.oid, 'select')
        order by 1"""
)
DIRECTORY = {"known_organisations", "organisations"}
"""Tables that every member may read."""


async def walk_events(session: AsyncSession, service: str, own: UUID, other: UUID) -> tuple[int, list[str]]:
    """Handle every event as `own`; returns how many, and what `other` sees or changes of it."""
    leaks: list[str] = []
    handled, published = 0, await seen_by(session, other)
    for reaction, event_class in reactions_of(service):
        event = about(event_class, own)
        await deliver(session, reaction, event)
        handled += 1
        seen = await seen_by(session, other)
        more = sorted(table for table in seen if seen[table] != published[table])
        leaks += [f"after {event_class.__name__} another association sees more rows of {table}" for table in more]
        leaks += await changed_by_event(session, reaction, event, own, other)
    leaks += await changed_by_statements(session, own, other)
    if not await rows_of(session, own):
        leaks.append("the events left nothing: the walk looked at nothing")
    return handled, leaks


def reactions_of(service: str) -> Iterator[tuple[Reaction, type[Event]]]:
    """Every consumer group of the service with each event that it handles."""
    for reaction in importlib.import_module(f"{service}.run_consumer").REACTIONS:
        for event_class in reaction.handlers:
            yield reaction, event_class


def about(event_class: type[Event], organisation_id: UUID, **changes: Any) -> Event:
    """The committed example as if it came from this organisation."""
    return example(event_class, organisation_id=organisation_id, **changes)


@asynccontextmanager
async def acting(session: AsyncSession, organisation_id: UUID) -> AsyncIterator[None]:
    """Look at the database as the machine does for one organisation."""
    await apply_context(session, organisation_context(organisation_id, "test"))
    yield
    await session.flush()


async def seen_by(session: AsyncSession, organisation_id: UUID) -> dict[str, int]:
    """How many rows an organisation sees that has none itself: published ones of earlier tests, and no others."""
    async with acting(session, organisation_id):
        tables = [table for table in await session.scalars(OWNED_TABLES) if table not in DIRECTORY]
        return {table: int(await session.scalar(text(f"select count(*) from {table}")) or 0) for table in tables}


async def rows_of(session: AsyncSession, organisation_id: UUID) -> dict[str, str]:
    """What an organisation's tables come to, those that hold something."""
    async with acting(session, organisation_id):
        tables = (await session.scalars(OWNED_TABLES)).all()
        found = {}
        for table in tables:
            statement = (
                f"select md5(string_agg(t::text, '' order by t::text)) from {table} t where organisation_id = :id"
            )
            checksum = await session.scalar(text(statement), {"id": organisation_id})
            if checksum is not None:
                found[table] = checksum
    return found


async def changed_by_event(
    session: AsyncSession, reaction: Reaction, event: Event, own: UUID, other: UUID
) -> list[str]:
    """What an event about the same thing, but in another organisation's name, changes for the first; it may fail."""
    before = await rows_of(session, own)
    later = {"version": event.version + 1} if hasattr(event, "version") else {}
    stolen = type(event).model_validate({**event.model_dump(), "organisation_id": other, **later})
    after = before
    try:
        async with session.begin_nested() as savepoint:
            await deliver(session, reaction, stolen, new_id())
            after = await rows_of(session, own)
            await savepoint.rollback()
    except Exception:  # Refused: the event would be parked.
        return []
    changed = sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
    name = type(event).__name__
    return [f"a {name} in the name of another association changed {table}" for table in changed]


async def changed_by_statements(session: AsyncSession, own: UUID, other: UUID) -> list[str]:
    """What UPDATE and DELETE without a condition change of others' rows."""
    before = await rows_of(session, own)
    leaks = []
    for table in (await session.scalars(OWNED_TABLES)).all():
        for statement in (f"update {table} set organisation_id = organisation_id", f"delete from {table}"):
            try:
                async with session.begin_nested() as savepoint:
                    async with acting(session, other):
                        changed = await session.execute(text(statement))
                    untouched = await rows_of(session, own) == before
                    await savepoint.rollback()
            except DBAPIError:
                continue
            if changed.rowcount or not untouched:
                leaks.append(f"another association succeeds with: {statement}")
    return leaks
