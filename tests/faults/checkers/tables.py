"""Counts every row of every table of a service, to see that a refused request changed none. No product code."""

from __future__ import annotations

import asyncpg

IGNORED = frozenset({"handled_events", "parked_events", "outbox_cursor", "due_rows"})


async def count_rows(base_url: str, services: tuple[str, ...]) -> dict[str, int]:
    """Rows by service and table, without those of the mechanism that come and go by themselves."""
    counts: dict[str, int] = {}
    for service in services:
        connection = await asyncpg.connect(f"{base_url}/{service}")
        names = await connection.fetch(
            "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
            " and relnamespace = 'public'::regnamespace"
        )
        for name in [row["relname"] for row in names if row["relname"] not in IGNORED]:
            counts[f"{service}.{name}"] = await connection.fetchval(f'select count(*) from "{name}"')
        await connection.close()
    return counts


def changed(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Tables that do not hold as many rows as before."""
    return [f"{name}: {before.get(name)} to {count}" for name, count in after.items() if before.get(name) != count]
