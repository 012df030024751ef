"""A restore: empty databases, the dumps, and outboxes that are published anew because their cluster is another one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from maillage.embedded.databases import prepare_databases
from maillage.recovery.backup import Step, dump_path
from maillage.recovery.dumps import load

# A dump gives rows new transaction ids, and the cursor's snapshot is one of the old cluster: all rows become rows of
# this transaction, which keeps their order by id, and the relay begins at the start. Receivers recognise what they did.
RESTAMP = (
    "update outbox_events set xid = pg_current_xact_id()",
    "update outbox_cursor set snapshot = '3:3:', next_snapshot = null, last_id = 0",
    "select outbox_keep_partitions()",
)
LOADED = "_restored"
"""Ends the names of databases that are loaded and not yet in their place."""


def dumped_services(folder: Path) -> list[str]:
    """The services that a backup has a dump of."""
    return sorted(path.stem for path in folder.glob("*.dump"))


async def restore_databases(superuser_url: str, passwords: Mapping[str, str], folder: Path, step: Step) -> None:
    """Replace the database of every service that has a dump in the folder; only once all dumps are loaded.

    Nothing may run meanwhile. Raises DumpFailed, and then the databases are as they were.
    """
    services = dumped_services(folder)
    await _drop(superuser_url, [service + LOADED for service in services])
    await prepare_databases(superuser_url, services, passwords, LOADED, extensions=False)
    for service in services:
        url = _of_database(superuser_url, service + LOADED)
        with step(f"{service} is loaded"):
            await asyncio.to_thread(load, url, dump_path(folder, service))
            await restamp(url)
    with step("the databases are exchanged"):
        await _drop(superuser_url, services)
        await _rename(superuser_url, services)


async def _drop(superuser_url: str, databases: Sequence[str]) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        for database in databases:
            await connection.execute(f'drop database if exists "{database}" with (force)')
    finally:
        await connection.close()


async def _rename(superuser_url: str, services: Sequence[str]) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        for service in services:
            await connection.execute(f'alter database "{service}{LOADED}" rename to "{service}"')
    finally:
        await connection.close()


async def restamp(url: str) -> None:
    """Make a restored outbox one of this cluster, to be published from its start; as superuser or owner."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for statement in RESTAMP:
                await connection.execute(statement)
    finally:
        await connection.close()


def _of_database(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()
