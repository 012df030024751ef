"""Migrations: every service's `migrations/versions`, run by alembic as the database's owner."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

SHOW_REVISION = "grant select on alembic_version to public"
# A dump takes whole tables with their sequences and partitions, those of tomorrow included; row policies hold for it.
LET_BACKUP_READ = """
    do $$
    declare reader constant text := regexp_replace(current_user, '_owner$', '_backup'); kind text;
    begin
      if reader <> current_user and exists (select from pg_roles where rolname = reader) then
        foreach kind in array array['tables', 'sequences'] loop
          execute format('grant select on all %s in schema public to %I', kind, reader);
          execute format('alter default privileges in schema public grant select on %s to %I', kind, reader);
        end loop;
      end if;
    end $$"""
MIGRATION_LOCK = "select pg_advisory_xact_lock(hashtext('migrations'))"


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


def scripts_of(versions: Path) -> ScriptDirectory:
    """The migrations in a folder."""
    return ScriptDirectory.from_config(_config_of(versions))


def _config_of(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(versions.parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _run_steps(connection: Connection, versions: Path, revision: str) -> None:
    scripts = scripts_of(versions)

    def steps(current: Any, _context: MigrationContext) -> list[Any]:
        return scripts._upgrade_revs(revision, current)

    with EnvironmentContext(_config_of(versions), scripts, fn=steps, destination_rev=revision) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()
    connection.execute(text(SHOW_REVISION))
    connection.execute(text(LET_BACKUP_READ))
