import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from maillage.embedded.databases import database_urls, load_passwords, prepare_databases
from maillage.embedded.postgres import PostgreSQL

SERVICES = ("finance", "staffing")


async def ask(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_rows_survive_kill_and_restart(postgres: PostgreSQL) -> None:
    asyncio.run(ask(postgres.url, "CREATE TABLE facts AS SELECT generate_series(1, 1000) AS number"))
    postgres.kill()
    postgres.start()
    assert asyncio.run(ask(postgres.url, "SELECT count(*) FROM facts")) == 1000
    postgres.stop_immediate()
    postgres.start()
    assert asyncio.run(ask(postgres.url, "SELECT count(*) FROM facts")) == 1000


def test_a_second_launcher_takes_over_what_a_killed_one_left_running(postgres: PostgreSQL) -> None:
    asyncio.run(ask(postgres.url, "CREATE TABLE facts AS SELECT 1 AS number"))
    successor = PostgreSQL(postgres.directory, postgres.port)
    successor.start()
    try:
        assert not postgres.is_running
        assert asyncio.run(ask(successor.url, "SELECT count(*) FROM facts")) == 1
    finally:
        successor.stop()


def test_passwords_are_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "passwords.json"
    assert load_passwords(path, SERVICES) == load_passwords(path, SERVICES)
    assert path.stat().st_mode & 0o777 == 0o600


def test_roles_enter_only_the_database_of_their_service(postgres: PostgreSQL) -> None:
    passwords = load_passwords(postgres.directory / "passwords.json", SERVICES)
    for _ in range(2):
        asyncio.run(prepare_databases(postgres.url, SERVICES, passwords, "_test"))
    finance = database_urls(postgres.url, "finance", passwords, "_test")

    for purpose, url in finance.items():
        assert asyncio.run(ask(url, "SELECT current_user")) == f"finance_{purpose}"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(ask(url.replace("/finance_test", "/staffing_test"), "SELECT 1"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(ask(finance["api"].replace(passwords["finance_api"], "wrong"), "SELECT 1"))
    assert asyncio.run(ask(finance["owner"], "SELECT extname FROM pg_extension WHERE extname = 'btree_gist'"))


def test_no_role_of_a_service_is_privileged(postgres: PostgreSQL) -> None:
    passwords = load_passwords(postgres.directory / "passwords.json", SERVICES)
    asyncio.run(prepare_databases(postgres.url, SERVICES, passwords))
    privileged = "SELECT count(*) FROM pg_roles WHERE rolcanlogin AND (rolsuper OR rolbypassrls)"
    assert asyncio.run(ask(postgres.url, privileged)) == 1, "the superuser of the launcher alone"
