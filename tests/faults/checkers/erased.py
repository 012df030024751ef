"""Judges erasures: who was erased is named nowhere, and nobody else is touched. Imports nothing of the product."""

from __future__ import annotations

from typing import Any

import asyncpg

from tests.faults.checkers.conservation import SERVICES, Problems, ask

TABLES = (
    "select oid::regclass::text as name from pg_class"
    " where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"
)
ANSWERS_DUE = sorted(
    [("address", "notifications"), ("messages", "notifications")]
    + [("records", service) for service in ("activities", "finance", "partners", "staffing")]
)
COUNTED = {
    "activities": ("bookings", "booked_places", "sessions"),
    "finance": ("charges", "entries", "entry_lines"),
    "staffing": ("worked_hours",),
    "partners": ("meetings", "meeting_attendances", "tasks"),
}
"""What an erasure leaves as many of as there were, of people without a name."""


async def tables_that_say(base_url: str, service: str, name: str) -> set[str]:
    """The tables of a service in which a row says the name, in whatever column; bytes are looked at as text."""
    connection: Any = await asyncpg.connect(f"{base_url}/{service}")
    try:
        in_bytes = name.encode().hex()
        found = set()
        for row in await connection.fetch(TABLES):
            said = f"select 1 from {row['name']} t where t::text ilike any(array[$1, $2]) limit 1"
            if await connection.fetchval(said, f"%{name}%", f"%{in_bytes}%"):
                found.add(str(row["name"]))
        return found
    finally:
        await connection.close()


async def rows_about(base_url: str, name: str) -> dict[str, str]:
    """A digest of the rows of each table of each service that say a name."""
    found = {}
    for service in SERVICES:
        for table in await tables_that_say(base_url, service, name):
            digest = f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t where t::text ilike $1"
            [row] = await ask(base_url, service, digest, f"%{name}%")
            found[f"{service}.{table}"] = str(row[0])
    return found


async def count_kept(base_url: str) -> dict[str, int]:
    """How many rows there are of what an erasure must leave, and what the books add up to."""
    counts = {}
    for service, tables in COUNTED.items():
        for table in tables:
            [row] = await ask(base_url, service, f"select count(*) as count from {table}")
            counts[f"{service}.{table}"] = int(row["count"])
    for what, table in (("charged", "charges"), ("booked on accounts", "entry_lines")):
        [row] = await ask(base_url, "finance", f"select coalesce(sum(abs(amount_minor)), 0) as sum from {table}")
        counts[f"minor units {what}"] = int(row["sum"])
    return counts


async def count_open_erasures(base_url: str) -> int:
    """Erasures that were asked for and are not complete."""
    [row] = await ask(base_url, "activities", "select count(*) as count from erasures where state <> 'complete'")
    return int(row["count"])


async def find_problems(
    base_url: str, asked: set[str], noted: set[str], name: str, others: dict[str, str], kept: dict[str, int], other: str
) -> Problems:
    """What is wrong with these erasures: `others` and `kept` are rows about `other`, and counts, as before them."""
    rows = await ask(
        base_url, "activities",
        """select e.id::text, e.state, array_agg(a.step || ' ' || a.service order by a.step, a.service) as answers
             from erasures e left join erasure_answers a on a.erasure_id = e.id group by e.id, e.state""",
    )  # fmt: skip
    due = [" ".join(answer) for answer in ANSWERS_DUE]
    named = [f"{one}.{table}" for one in SERVICES for table in sorted(await tables_that_say(base_url, one, name))]
    now_others, now_kept = await rows_about(base_url, other), await count_kept(base_url)
    addresses = await ask(base_url, "notifications", "select erasure_id::text as id from farewells")
    parked = [
        f"{service} {row['consumer_group']} {row['event_key']}: {row['error']}"
        for service in SERVICES
        for row in await ask(base_url, service, "select consumer_group, event_key, error from parked_events")
    ]
    return {
        "erasures_lost": sorted(asked ^ {row["id"] for row in rows}),
        "erasures_not_complete": [f"{row['id']} is {row['state']}" for row in rows if row["state"] != "complete"],
        "receipts_incomplete": [f"{row['id']}: {row['answers']}" for row in rows if row["answers"] != due],
        "erasures_not_in_the_journal": sorted(asked - noted),
        "still_named": named,
        "others_touched": sorted(key for key in others.keys() | now_others if others.get(key) != now_others.get(key)),
        "kept_changed": [f"{key}: {kept[key]}, then {now_kept[key]}" for key in kept if kept[key] != now_kept[key]],
        "addresses_kept": [row["id"] for row in addresses],
        "parked": parked,
    }
