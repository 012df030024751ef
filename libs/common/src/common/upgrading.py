"""Migrations: every service's `migrations/versions`, run by alembic as the database's owner."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from common.logging import configure, get_logger
from common.settings import ServiceSettings

logger = get_logger(__name__)

LOOK_AGAIN_SECONDS = 2.0
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


def migrate_or_wait(settings: ServiceSettings, versions: Path) -> None:
    """The command `migrations`: as the owner it migrates; with --wait, as any other role, it waits for that."""
    if "--wait" in sys.argv[1:]:
        configure("migrations", settings.log_level)
        urls = (settings.api_database_url, settings.worker_database_url, settings.relay_database_url)
        wait_for_upgrade(next(url for url in urls if url), versions)
    else:
        upgrade(settings.owner_database_url, versions)


def wait_for_upgrade(database_url: str, versions: Path) -> None:
    """Return once the schema is the one that this code needs, or a newer one, which suits the code before it too."""
    scripts = scripts_of(versions)
    older = {script.revision for script in scripts.walk_revisions()} - set(scripts.get_heads())
    why = ""
    while missing := asyncio.run(_missing(database_url, older)):
        if missing != why:
            logger.info("waiting for the migrations", why=missing, needed=scripts.get_current_head())
        why = missing
        time.sleep(LOOK_AGAIN_SECONDS)


async def _missing(database_url: str, older: set[str]) -> str:
    """Why the schema is not new enough; empty when it is."""
    engine = create_async_engine(database_url, connect_args={"timeout": 5})
    try:
        async with engine.connect() as connection:
            revision = await connection.scalar(text("select version_num from alembic_version"))
    except (DBAPIError, OSError) as error:
        return f"it cannot be read: {type(error).__name__}"
    finally:
        await engine.dispose()
    if revision is None:
        return "the database is empty"
    return f"the database is at {revision}" if revision in older else ""


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
