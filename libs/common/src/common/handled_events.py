"""Once in effect: what a consumer group has handled, remembered in the transaction of the effect."""

from __future__ import annotations

HANDLED_RETENTION_DAYS = 30

DDL = (
    """create table handled_events (
        consumer_group text not null, event_id uuid not null,
        handled_at timestamptz not null default now(), primary key (consumer_group, event_id))""",
    "create index handled_events_handled_at_index on handled_events using brin (handled_at)",
    """create table parked_events (
        id uuid primary key default uuidv7(),
        consumer_group text not null, event_id uuid not null, event_key text,
        topic text not null, partition integer not null, record_offset bigint not null,
        wire_type text, headers jsonb not null, payload bytea, error text not null,
        attempts integer not null default 1, parked_at timestamptz not null default now(),
        unique (consumer_group, event_id))""",
    "create index parked_events_key_index on parked_events (consumer_group, event_key, id)",
    """create table parked_decisions (
        id uuid primary key default uuidv7(),
        consumer_group text not null, event_id uuid not null, wire_type text, decision text not null,
        reason text not null, decided_at timestamptz not null default now())""",
    "grant select, insert, delete on handled_events to {service}_worker",
    "grant select, insert, update, delete on parked_events to {service}_worker",
    "grant select, insert on parked_decisions to {service}_worker",
    "grant select on handled_events, parked_events, parked_decisions to {service}_auditor, {service}_backup",
)
