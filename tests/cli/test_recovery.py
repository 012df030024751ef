"""A backup is taken while the platform works, and a platform comes back from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from benchmarks.restore import measure
from common.database import plain_dsn
from common.relay import LOCK
from maillage.doctor.platform import platform_of
from maillage.embedded.databases import load_passwords, prepare_databases
from maillage.embedded.ports import free_port
from maillage.embedded.postgres import PostgreSQL
from maillage.recovery.backup import MANIFEST, NoBackup, back_up, drop_old, next_of_series, read_manifest
from maillage.recovery.dumps import DumpFailed, dump, load
from maillage.recovery.pausing import paused_relays
from maillage.recovery.restoring import restamp, restore_databases
from tests.conftest import SERVICES, ServiceDatabases

pytestmark = pytest.mark.timeout(500)
NOT_IN_A_BACKUP = {"idempotency_keys"}
"""Stored answers: only their account may read them."""


@pytest.mark.parametrize("service", SERVICES)
async def test_the_backup_role_may_read_every_table(
    service: str, databases_of: Callable[[str], ServiceDatabases], superuser_url: str, tmp_path: Path
) -> None:
    """And what it dumps can be loaded: row for row the same."""
    databases = databases_of(service)
    path = tmp_path / f"{service}.dump"
    await asyncio.to_thread(dump, databases.urls["backup"], path)
    server = await asyncpg.connect(superuser_url)
    name = f"restored_{service}"
    await server.execute(f'drop database if exists "{name}"')
    await server.execute(f'create database "{name}"')
    try:
        url = superuser_url.rpartition("/")[0] + f"/{name}"
        await asyncio.to_thread(load, url, path)
        before = await count_rows(superuser_url.rpartition("/")[0] + f"/{database_of(databases)}")
        assert await count_rows(url) == before
        assert "outbox_cursor" in before
    finally:
        await server.execute(f'drop database "{name}" with (force)')
        await server.close()


def database_of(databases: ServiceDatabases) -> str:
    return plain_dsn(databases.urls["owner"]).rpartition("/")[2]


async def count_rows(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
        kept = {row[0] for row in names} - NOT_IN_A_BACKUP
        return {name: await connection.fetchval(f'select count(*) from "{name}"') for name in kept}
    finally:
        await connection.close()


async def test_a_paused_relay_leads_again_afterwards(databases_of: Callable[[str], ServiceDatabases]) -> None:
    databases = databases_of("partners")
    environment = {f"PARTNERS_{role}_DATABASE_URL".upper(): url for role, url in databases.urls.items()}
    platform = platform_of({"partners": environment})
    leader = await asyncpg.connect(plain_dsn(databases.urls["relay"]))
    assert await leader.fetchval(LOCK)
    async with paused_relays(platform):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await leader.fetchval("select 1")
        another = await asyncpg.connect(plain_dsn(databases.urls["relay"]))
        assert not await another.fetchval(LOCK)
    assert await another.fetchval(LOCK)
    await another.close()


async def test_a_restamped_outbox_is_read_from_its_start(databases_of: Callable[[str], ServiceDatabases]) -> None:
    """Ids of transactions of another cluster lie in the future of this one: unstamped rows would never be seen."""
    databases = databases_of("partners")
    owner = await asyncpg.connect(plain_dsn(databases.urls["owner"]))
    try:
        await owner.execute(
            """insert into outbox_events (xid, event_id, wire_type, topic, key, organisation_id, payload)
               values ('999999999999', gen_random_uuid(), 'planted', 'planted', gen_random_uuid(), gen_random_uuid(),
                       '{}')"""
        )
        await owner.execute("update outbox_cursor set snapshot = '999999999998:999999999998:'")
        unseen = "select count(*) from outbox_events where not pg_visible_in_snapshot(xid, pg_current_snapshot())"
        assert await owner.fetchval(unseen) == 1
        await restamp(plain_dsn(databases.urls["owner"]))
        assert await owner.fetchval(unseen) == 0
        assert await owner.fetchval("select snapshot from outbox_cursor") == "3:3:"
    finally:
        await owner.execute("delete from outbox_events where topic = 'planted'")
        await owner.close()


async def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    with pytest.raises(NoBackup, match="is not empty"):
        await back_up(platform_of({}), tmp_path, lambda _text: nullcontext())
    with pytest.raises(NoBackup, match="holds no finished backup"):
        read_manifest(tmp_path)


def test_of_a_series_the_newest_backups_stay(tmp_path: Path) -> None:
    """What was broken off holds people's data as well; what lies beside it, or may still be under way, is not ours."""
    for day in range(1, 6):
        (tmp_path / f"2026-11-0{day}T02-30-00Z").mkdir()
        if day not in (2, 5):
            (tmp_path / f"2026-11-0{day}T02-30-00Z" / MANIFEST).touch()
    (tmp_path / "by-hand").mkdir()
    assert {path.name for path in drop_old(tmp_path, 2)} == {"2026-11-01T02-30-00Z", "2026-11-02T02-30-00Z"}
    left = ["2026-11-03T02-30-00Z", "2026-11-04T02-30-00Z", "2026-11-05T02-30-00Z", "by-hand"]
    assert sorted(path.name for path in tmp_path.iterdir()) == left
    assert next_of_series(tmp_path).name > left[2]
    assert drop_old(tmp_path / "by-hand", 1) == []


def test_a_dump_that_fails_says_why_and_shows_no_password(tmp_path: Path) -> None:
    with pytest.raises(DumpFailed, match="pg_dump ended with 1") as failed:
        dump("postgresql+asyncpg://nobody:s3cret@127.0.0.1:9/none", tmp_path / "none.dump")
    assert "s3cret" not in str(failed.value)


async def test_a_dump_that_cannot_be_read_leaves_the_databases_as_they_were(tmp_path: Path) -> None:
    server = PostgreSQL(tmp_path, free_port(), durable=False)
    server.start()
    try:
        passwords = load_passwords(tmp_path / "passwords.json", ["partners"])
        await prepare_databases(server.url, ["partners"], passwords)
        url = server.url.rpartition("/")[0] + "/partners"
        connection = await asyncpg.connect(url)
        await connection.execute("create table kept ()")
        await connection.close()
        folder = tmp_path / "backup"
        folder.mkdir()
        (folder / "partners.dump").write_bytes(b"no dump")
        with pytest.raises(DumpFailed, match="pg_restore ended with 1"):
            await restore_databases(server.url, passwords, folder, lambda _text: nullcontext())
        assert await count_rows(url) == {"kept": 0}
    finally:
        server.stop()


def test_the_drill_brings_back_what_was_acknowledged(tmp_path: Path) -> None:
    entry = measure(tmp_path)
    figures: dict[str, Any] = entry.figures
    assert entry.ok, figures
    assert figures["missing_of_those"] == 0
    assert figures["lost_after_it"] > 0, "the disaster came after the backup"
