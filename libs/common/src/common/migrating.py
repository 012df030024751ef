"""Migrations: every service's `migrations/versions`, run by alembic as the database's owner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from common import due_rows, handled_events, idempotency, outbox


class Operations(Protocol):
    """The part of alembic's `op` that we use."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""


ROLES = ("api", "worker", "relay", "auditor", "backup")
MIGRATION_LOCK = "select pg_advisory_xact_lock(hashtext('migrations'))"
MECHANISM = (*outbox.DDL, *handled_events.DDL, *due_rows.DDL, *idempotency.DDL)


def upgrade(database_url: str, versions: Path, revision: str = "head") -> None:
    """Bring the database to a revision; every step in one transaction, with a lock timeout of five seconds."""
    asyncio.run(_upgrade(database_url, versions, revision))


async def _upgrade(database_url: str, versions: Path, revision: str) -> None:
    engine = create_async_engine(database_url, connect_args={"server_settings": {"lock_timeout": "5000"}})
    try:
        async with engine.begin() as connection:
            await connection.execute(text(MIGRATION_LOCK))
            await connection.run_sync(_run_steps, versions, revision)
    finally:
        await engine.dispose()


def _run_steps(connection: Connection, versions: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(versions.parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)

    def steps(current: Any, _context: MigrationContext) -> list[Any]:
        return scripts._upgrade_revs(revision, current)

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=revision) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def create_mechanism(operations: Operations, service: str) -> None:
    """The tables of outbox, consumers, worker and idempotency, with the rights of the service's roles."""
    operations.execute(f"grant usage on schema public to {_roles(service, ROLES)}")
    execute_all(operations, service, MECHANISM)


def execute_all(operations: Operations, service: str, statements: Iterable[str]) -> None:
    """Run statements in which `{service}` stands for the service's name."""
    for statement in statements:
        operations.execute(statement.replace("{service}", service))


def _roles(service: str, names: Iterable[str]) -> str:
    return ", ".join(f"{service}_{name}" for name in names)
