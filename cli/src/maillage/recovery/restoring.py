"""A restore: empty databases, the dumps, and outboxes that are published anew because their cluster is another one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
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
END_SESSIONS = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()"


def dumped_services(folder: Path) -> list[str]:
    """The services that a backup has a dump of."""
    return sorted(path.stem for path in folder.glob("*.dump"))


async def restore_databases(superuser_url: str, passwords: Mapping[str, str], folder: Path, step: Step) -> None:
    """Replace the database of every service that has a dump in the folder. Nothing may run. Raises DumpFailed."""
    services = dumped_services(folder)
    connection = await asyncpg.connect(superuser_url)
    try:
        for service in services:
            await connection.execute(END_SESSIONS, service)
            await connection.execute(f'drop database if exists "{service}"')
    finally:
        await connection.close()
    await prepare_databases(superuser_url, services, passwords, extensions=False)
    for service in services:
        url = _of_database(superuser_url, service)
        with step(f"{service} is loaded"):
            await asyncio.to_thread(load, url, dump_path(folder, service))
        with step(f"the outbox of {service} will be published anew"):
            await restamp(url)


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
