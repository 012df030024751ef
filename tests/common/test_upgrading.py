"""Whoever starts beside the migrations waits for them, on a real database."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from activities.run_migrations import VERSIONS
from common import upgrading
from common.database import plain_dsn
from common.upgrading import scripts_of, wait_for_upgrade


@pytest.fixture
def url(superuser_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database."""
    monkeypatch.setattr(upgrading, "LOOK_AGAIN_SECONDS", 0.05)
    name, server = f"waiting_{secrets.token_hex(4)}", superuser_url.rpartition("/")[0]
    execute(superuser_url, f"create database {name}")
    yield f"{server}/{name}".replace("postgresql:", "postgresql+asyncpg:")
    execute(superuser_url, f"drop database {name} with (force)")


def execute(url: str, *statements: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(plain_dsn(url))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def write_revision(url: str, revision: str) -> None:
    execute(
        url,
        "create table if not exists alembic_version (version_num text not null)",
        "delete from alembic_version",
        f"insert into alembic_version values ('{revision}')",
    )


def begin_waiting(url: str, versions: Path = VERSIONS) -> threading.Thread:
    waiting = threading.Thread(target=wait_for_upgrade, args=(url, versions), daemon=True)
    waiting.start()
    return waiting


def test_it_waits_for_a_table_and_for_the_newest_revision(url: str) -> None:
    first, newest = scripts_of(VERSIONS).get_base(), scripts_of(VERSIONS).get_current_head()
    assert first != newest
    waiting = begin_waiting(url)
    waiting.join(0.3)
    assert waiting.is_alive(), "there is no table yet"
    write_revision(url, str(first))
    waiting.join(0.3)
    assert waiting.is_alive(), "the migrations have only begun"
    write_revision(url, str(newest))
    waiting.join(20)
    assert not waiting.is_alive()


def test_a_newer_schema_suits_the_code_before_it(url: str) -> None:
    """As after a rollback: the schema stays, expanded."""
    write_revision(url, "9999_of_tomorrow")
    waiting = begin_waiting(url)
    waiting.join(20)
    assert not waiting.is_alive()
