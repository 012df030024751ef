"""`maillage backup` and `maillage restore`."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from pathlib import Path
from typing import Annotated

import typer

from maillage.console import say, step
from maillage.declared_topics import read_topics
from maillage.doctor.platform import find_platform
from maillage.embedded.databases import load_passwords
from maillage.embedded.part import PartFailed
from maillage.embedded.postgres import PostgreSQL
from maillage.places import REPUBLISH_AT_START, default_directory
from maillage.recovery import restoring
from maillage.recovery.backup import NoBackup, back_up, drop_old, next_of_series, read_manifest
from maillage.recovery.dumps import DumpFailed
from maillage.recovery.pausing import RelayKeepsGoing
from maillage.running import NotRunning
from maillage.stack_lock import AlreadyRunning, hold_directory
from maillage.stack_options import DEFAULT_PORTS, SERVICES, StackOptions

Directory = Annotated[Path | None, typer.Option(help="Where the platform keeps its data.")]


def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder for the dumps.")],
    directory: Directory = None,
    series: Annotated[
        int, typer.Option(min=0, help="Make a new folder inside the folder, named by the time, and keep so many.")
    ] = 0,
) -> None:
    """Dump all databases to one consistent point; bookings go on meanwhile."""
    started_at = time.monotonic()
    try:
        platform = find_platform((directory or default_directory()).resolve())
        whole = folder.resolve()
        folder = next_of_series(whole) if series else whole
        manifest = asyncio.run(back_up(platform, folder, step))
        for old in drop_old(whole, series) if series else []:
            say(f"Deleted: {old}")
    except (NotRunning, NoBackup, DumpFailed, RelayKeepsGoing) as error:
        say(f"There is no backup: {error}")
        raise typer.Exit(1) from error
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    say(f"Restore point {manifest.restore_point:%Y-%m-%d %H:%M:%S} UTC, {size:.1f} MB in {folder}")
    say(f"It took {time.monotonic() - started_at:.1f} s.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    directory: Directory = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: what is in the databases now is lost.")] = False,
) -> None:
    """Replace the databases of `maillage up` by a backup. It must be stopped; MAILLAGE_DATABASE_URL is respected."""
    home = (directory or default_directory()).resolve()
    options = StackOptions(home)
    if not yes:
        typer.confirm(f"All that {home} holds now is replaced. Go on?", abort=True)
    started_at = time.monotonic()
    try:
        manifest = read_manifest(folder.resolve())
        with hold_directory(home):
            restore_stack(folder.resolve(), home, options.external_database_url)
    except (AlreadyRunning, NoBackup, DumpFailed, PartFailed) as error:
        say(f"Not restored: {error}")
        raise typer.Exit(1) from error
    say(f"Restored to {manifest.restore_point:%Y-%m-%d %H:%M:%S} UTC in {time.monotonic() - started_at:.1f} s.")
    if options.external_kafka:
        say("Delete the topics and the consumer groups of your Kafka first: they know what happened after that moment.")
    say("Start it with `maillage up`: the outboxes are published anew, and receivers recognise what they did.")


def restore_stack(folder: Path, home: Path, external_database_url: str | None = None) -> None:
    """Under `hold_directory`: databases from the dumps, a broker that begins empty, a republication at the start."""
    passwords = load_passwords(home / "database-passwords.json", SERVICES)
    if external_database_url is not None:
        asyncio.run(restoring.restore_databases(external_database_url, passwords, folder, step))
    else:
        server = PostgreSQL(home, _port(home))
        server.start()
        try:
            asyncio.run(restoring.restore_databases(server.url, passwords, folder, step))
        finally:
            server.stop()
    shutil.rmtree(home / "kafka" / "data", ignore_errors=True)
    (home / REPUBLISH_AT_START).touch()


def _port(home: Path) -> int:
    path = home / "stack.json"
    ports = json.loads(path.read_text())["ports"] if path.is_file() else DEFAULT_PORTS
    return int(ports["postgres"])


def restamp() -> None:
    """After a restore by other means, point-in-time recovery for instance: make the outboxes those of this cluster."""
    try:
        platform = find_platform(default_directory().resolve())
    except NotRunning as error:
        say(str(error))
        raise typer.Exit(1) from error
    for service, settings in platform.settings.items():
        asyncio.run(restoring.restamp(settings.owner_database_url))
        say(f"The outbox of {service} will be published anew.")
    say(f"Now delete the {len(read_topics())} topics and the consumer groups, start the services, and republish all.")
