"""Events leave a service through its own database: written with the change, published by the relay after it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text, Uuid, insert
from sqlalchemy.ext.asyncio import AsyncSession

from common.ids import new_id
from common.tracing import current_traceparent
from contracts.event import Event

RETENTION_DAYS = 7
TOMBSTONE = ""
"""The payload of an outbox row that goes out as a record without one."""

_metadata = MetaData()
outbox_events = Table(
    "outbox_events",
    _metadata,
    Column("id", BigInteger),
    Column("event_id", Uuid),
    Column("wire_type", Text),
    Column("topic", Text),
    Column("key", Uuid),
    Column("organisation_id", Uuid),
    Column("payload", Text),
    Column("traceparent", Text),
    Column("occurred_at", DateTime(timezone=True)),
)

DDL = (
    """create table outbox_events (
        id bigint generated always as identity,
        xid xid8 not null default pg_current_xact_id(),
        event_id uuid not null, wire_type text not null, topic text not null, key uuid not null,
        organisation_id uuid not null, payload text not null, traceparent text,
        occurred_at timestamptz not null default clock_timestamp(),
        written_on date not null default current_date
    ) partition by range (written_on)""",
    "create index outbox_events_xid_id_index on outbox_events (xid, id)",
    "create table outbox_events_default partition of outbox_events default",
    """create table outbox_cursor (
        one boolean primary key default true check (one),
        snapshot text not null default '3:3:', next_snapshot text, last_id bigint not null default 0)""",
    "insert into outbox_cursor default values",
    f"""create function outbox_keep_partitions() returns void
        language plpgsql security definer set search_path = public as $$
        declare day date; part record; published pg_snapshot; is_needed boolean;
          last_day_to_go constant date := current_date - {RETENTION_DAYS} - 1;
        begin
          select snapshot into published from outbox_cursor;
          for day in select current_date + generate_series(0, 3) loop
            if to_regclass('outbox_events_' || to_char(day, 'YYYYMMDD')) is null
               and not exists (select from outbox_events_default where written_on = day) then
              execute format('create table %I partition of outbox_events for values from (%L) to (%L)',
                             'outbox_events_' || to_char(day, 'YYYYMMDD'), day, day + 1);
            end if;
          end loop;
          for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                      where i.inhparent = 'outbox_events'::regclass and c.relname ~ '_[0-9]{{8}}$'
                        and to_date(right(c.relname, 8), 'YYYYMMDD') <= last_day_to_go loop
            execute format('select exists (select from %I where not pg_visible_in_snapshot(xid, $1))', part.relname)
              into is_needed using published;
            if not is_needed then
              execute format('drop table %I', part.relname);
            end if;
          end loop;
          delete from outbox_events_default
           where written_on <= last_day_to_go and pg_visible_in_snapshot(xid, published);
        end $$""",
    "select outbox_keep_partitions()",
    "revoke all on function outbox_keep_partitions() from public",
    "grant execute on function outbox_keep_partitions() to {service}_relay",
    "grant insert on outbox_events to {service}_api, {service}_worker",
    "grant select on outbox_events to {service}_relay, {service}_auditor, {service}_backup",
    "grant select, update on outbox_cursor to {service}_relay",
    "grant select on outbox_cursor to {service}_auditor, {service}_backup",
)


async def publish(session: AsyncSession, *events: Event) -> None:
    """Write the events in this transaction, in this order. The aggregate must be locked or new: that keeps order."""
    if not events:
        return
    traceparent = current_traceparent()
    rows = [outbox_row(event, traceparent) for event in events]
    await session.execute(insert(outbox_events).values(rows))


async def publish_tombstone(session: AsyncSession, event_class: type[Event], key: UUID, organisation_id: UUID) -> None:
    """Write, in this transaction, that the state of this key is gone: a record without a payload, after all others.

    A compacted topic then forgets the key, and receivers forget what they keep of it (`Reaction.erasers`).
    """
    row = {
        "event_id": new_id(),
        "wire_type": event_class.wire_type,
        "topic": event_class.topic,
        "key": key,
        "organisation_id": organisation_id,
        "payload": TOMBSTONE,
        "traceparent": current_traceparent(),
    }
    await session.execute(insert(outbox_events).values(row))


def outbox_row(event: Event, traceparent: str | None) -> dict[str, object]:
    """The columns of one event, for statements that insert it themselves."""
    return {
        "event_id": new_id(),
        "wire_type": event.wire_type,
        "topic": event.topic,
        "key": event.key,
        "organisation_id": event.organisation_id,
        "payload": event.model_dump_json(),
        "traceparent": traceparent,
    }
