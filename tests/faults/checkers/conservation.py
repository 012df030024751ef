"""Judges a run of bookings: what was acknowledged is there, once, in every service. Imports nothing of the product.

The expectations are written by hand from the prices and people that the run made: every booking is one place at
5.00 EUR for one child, booked by the organiser's own staff, paid by the household and told to its one contact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import asyncpg

from tests.faults.checkers.histories import read_history

PRICE_MINOR = 500
SERVICES = ("partners", "activities", "staffing", "finance", "notifications")
CONFIRMED, WAITLISTED = "activities.booking_confirmed.v1", "activities.booking_waitlisted.v1"
Problems = dict[str, list[str]]


async def ask(base_url: str, service: str, question: str, *values: object) -> list[Any]:
    """Rows of a service's database as the superuser sees them."""
    connection = await asyncpg.connect(f"{base_url}/{service}")
    try:
        return list(await connection.fetch(question, *values))
    finally:
        await connection.close()


def acknowledged(history: Path, state: str) -> list[str]:
    """Ids of the bookings that were answered by 201 in a state."""
    lines = read_history(history, "booking")
    return [line["id"] for line in lines if line["status"] == 201 and line["state"] == state]


async def find_problems(base_url: str, history: Path) -> Problems:
    """Every kind of problem with its cases; nothing but empty lists is good."""
    confirmed, waiting = acknowledged(history, "confirmed"), acknowledged(history, "waiting")
    problems: Problems = {}
    problems |= await _bookings(base_url, confirmed, waiting)
    problems |= await _ledger(base_url, confirmed)
    problems |= await _messages(base_url, confirmed, waiting)
    problems |= await _coverage(base_url, confirmed)
    problems["parked"] = [
        f"{service} {row['consumer_group']} {row['event_key']}: {row['error']}"
        for service in SERVICES
        for row in await ask(base_url, service, "select consumer_group, event_key, error from parked_events")
    ]
    return problems


async def _bookings(base_url: str, confirmed: list[str], waiting: list[str]) -> Problems:
    rows = await ask(base_url, "activities", "select id::text, state from bookings")
    told = {**dict.fromkeys(confirmed, "confirmed"), **dict.fromkeys(waiting, "waiting")}
    kept = {row["id"]: row["state"] for row in rows}
    events = await ask(
        base_url, "activities", "select wire_type, key::text from outbox_events where wire_type = any($1)",
        [CONFIRMED, WAITLISTED],
    )  # fmt: skip
    announced = {
        "confirmed": [row["key"] for row in events if row["wire_type"] == CONFIRMED],
        "waiting": [row["key"] for row in events if row["wire_type"] == WAITLISTED],
    }
    sold = await ask(
        base_url, "activities",
        """select p.session_id::text, p.capacity, count(*) as sold from session_places p
             join booked_places b on b.session_id = p.session_id and b.cancelled_at is null
             join bookings on bookings.id = b.booking_id and bookings.state in ('confirmed', 'offered')
            group by p.session_id, p.capacity having count(*) > p.capacity""",
    )  # fmt: skip
    return {
        "answered_twice": _repeated([*confirmed, *waiting]),
        "bookings_lost": [f"{told[id_]} {id_} is {kept.get(id_)}" for id_ in told if kept.get(id_) != told[id_]],
        "bookings_not_acknowledged": sorted(kept.keys() - told.keys()),
        "events_lost": _missing(confirmed, announced["confirmed"]) + _missing(waiting, announced["waiting"]),
        "events_doubled": _repeated(announced["confirmed"]) + _repeated(announced["waiting"]),
        "sessions_oversold": [f"{row['session_id']}: {row['sold']} of {row['capacity']}" for row in sold],
    }


async def _ledger(base_url: str, confirmed: list[str]) -> Problems:
    charges = await ask(base_url, "finance", "select booking_id::text, amount_minor from charges")
    entries = await ask(base_url, "finance", "select booking_id::text from entries where kind = 'charge'")
    unbalanced = await ask(
        base_url, "finance",
        """select e.id::text from entries e left join entry_lines l on l.entry_id = e.id
            group by e.id, l.currency having sum(l.amount_minor) is distinct from 0 or count(l.*) < 2""",
    )  # fmt: skip
    books = await ask(
        base_url, "finance",
        "select organisation_id::text from entry_lines group by 1, currency having sum(amount_minor) <> 0",
    )  # fmt: skip
    [promised] = await ask(base_url, "finance", "select coalesce(sum(promised_minor), 0)::bigint as sum from budgets")
    owed = PRICE_MINOR * len(confirmed)
    charged = [row["booking_id"] for row in charges]
    booked = [row["booking_id"] for row in entries]
    return {
        "charges_lost": _missing(confirmed, charged),
        "charges_doubled": _repeated(charged),
        "charges_wrong": [row["booking_id"] for row in charges if row["amount_minor"] != PRICE_MINOR],
        "entries_lost": _missing(confirmed, booked),
        "entries_doubled": _repeated(booked),
        "entries_unbalanced": [row["id"] for row in unbalanced],
        "books_unbalanced": [row["organisation_id"] for row in books],
        "budgets_wrong": [] if promised["sum"] == owed else [f"promised {promised['sum']}, booked {owed}"],
    }


async def _messages(base_url: str, confirmed: list[str], waiting: list[str]) -> Problems:
    rows = await ask(
        base_url, "notifications",
        """select fact_id, split_part(fact_id, ':', 1) as wire_type, split_part(fact_id, ':', 2) as booking_id,
                  coalesce(account_subject, recipient_id::text) as human,
                  recipient_id in (select recipient_id from recipients where kind = 'contact') as is_contact
             from messages where split_part(fact_id, ':', 1) = any($1)""",
        [CONFIRMED, WAITLISTED],
    )  # fmt: skip
    contacts = {
        wire_type: [row["booking_id"] for row in rows if row["is_contact"] and row["wire_type"] == wire_type]
        for wire_type in (CONFIRMED, WAITLISTED)
    }
    return {
        "messages_lost": _missing(confirmed, contacts[CONFIRMED]) + _missing(waiting, contacts[WAITLISTED]),
        "messages_doubled": _repeated(f"{row['fact_id']} to {row['human']}" for row in rows),
    }


async def _coverage(base_url: str, confirmed: list[str]) -> Problems:
    rows = await ask(base_url, "staffing", "select booking_id::text, cardinality(ages) as people from covered_bookings")
    covered = [row["booking_id"] for row in rows]
    return {
        "coverage_lost": _missing(confirmed, covered),
        "coverage_doubled": _repeated(covered),
        "coverage_wrong": [row["booking_id"] for row in rows if row["people"] != 1],
    }


def _missing(wanted: Iterable[str], found: Iterable[str]) -> list[str]:
    return sorted(set(wanted) - set(found))


def _repeated(values: Iterable[str]) -> list[str]:
    return sorted(value for value, times in Counter(values).items() if times > 1)


async def count_unsettled(base_url: str) -> dict[str, int]:
    """Cheap counts of what is still under way; all zero when every service has caught up with the bookings."""
    [booked] = await ask(
        base_url, "activities",
        """select count(*) filter (where state = 'confirmed') as confirmed,
                  count(*) as all from bookings where state in ('confirmed', 'waiting')""",
    )  # fmt: skip
    [charged] = await ask(base_url, "finance", "select count(distinct booking_id) as count from charges")
    [covered] = await ask(base_url, "staffing", "select count(*) as count from covered_bookings")
    [told] = await ask(
        base_url, "notifications",
        "select count(distinct split_part(fact_id, ':', 2)) as count from messages where fact_id like 'activities.booking_%'",  # noqa: E501
    )  # fmt: skip
    return {
        "charges": max(0, booked["confirmed"] - charged["count"]),
        "coverage": max(0, booked["confirmed"] - covered["count"]),
        "messages": max(0, booked["all"] - told["count"]),
    }
