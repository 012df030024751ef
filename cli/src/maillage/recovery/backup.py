"""A backup: relays paused, consumers up to date, every database dumped, and a manifest that says what it is."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from maillage.doctor.broker import check_progress
from maillage.doctor.databases import REVISION
from maillage.doctor.findings import State
from maillage.doctor.platform import Platform
from maillage.doctor.reading import ask
from maillage.recovery.dumps import dump
from maillage.recovery.pausing import paused_relays

MANIFEST = "manifest.json"
SERIES_NAME = "%Y-%m-%dT%H-%M-%SZ"
DRAIN_SECONDS_MAX = 30.0

Step = Callable[[str], AbstractContextManager[Any]]


class Manifest(BaseModel):
    """`restore_point`: all that was acknowledged before it is in the backup."""

    restore_point: datetime
    finished_at: datetime
    is_drained: bool
    revisions: dict[str, str]

    def save(self, folder: Path) -> None:
        """Last of all: a folder without it is no backup."""
        (folder / MANIFEST).write_text(self.model_dump_json(indent=1) + "\n")


class NoBackup(Exception):
    """The folder holds no finished backup, or something else."""


def read_manifest(folder: Path) -> Manifest:
    """Raises NoBackup."""
    path = folder / MANIFEST
    if not path.is_file():
        raise NoBackup(f"{folder} holds no finished backup: there is no {MANIFEST}")
    return Manifest.model_validate_json(path.read_text())


def dump_path(folder: Path, service: str) -> Path:
    """Where the dump of a service's database is."""
    return folder / f"{service}.dump"


def make_folder(folder: Path) -> None:
    """For its owner only, because all personal data will be in it. Raises NoBackup when something is in it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise NoBackup(f"{folder} is not empty: a backup needs a folder of its own")


def next_of_series(folder: Path) -> Path:
    """A place for the next backup of a series; the names sort by time."""
    return folder / f"{datetime.now(UTC):{SERIES_NAME}}"


def drop_old(folder: Path, kept: int) -> list[Path]:
    """Delete all of a series but its newest backups, with what was broken off before them; nothing else is touched."""
    series = sorted((path for path in folder.iterdir() if _is_of_series(path)), reverse=True)
    finished = [path for path in series if (path / MANIFEST).is_file()]
    if not finished:
        return []
    old = [path for path in series if path < finished[0] and path not in finished[:kept]]
    for path in old:
        shutil.rmtree(path)
    return old


def _is_of_series(path: Path) -> bool:
    try:
        datetime.strptime(path.name, SERIES_NAME)  # noqa: DTZ007  The name says no zone; it is not compared with times.
    except ValueError:
        return False
    return path.is_dir()


async def back_up(platform: Platform, folder: Path, step: Step) -> Manifest:
    """Bookings go on meanwhile; their events leave afterwards. Raises DumpFailed, NoBackup or RelayKeepsGoing."""
    make_folder(folder)
    revisions = {
        service: str((await ask(settings.auditor_database_url, REVISION))[0]["version_num"])
        for service, settings in platform.settings.items()
    }
    async with paused_relays(platform):
        with step("relays are paused, consumers have read what was published"):
            is_drained = await _drain(platform)
        restore_point = datetime.now(UTC)
        for service, settings in platform.settings.items():
            with step(f"{service} is dumped"):
                await asyncio.to_thread(dump, settings.backup_database_url, dump_path(folder, service))
    manifest = Manifest(
        restore_point=restore_point, finished_at=datetime.now(UTC), is_drained=is_drained, revisions=revisions
    )
    manifest.save(folder)
    return manifest


async def _drain(platform: Platform) -> bool:
    """Wait until the groups have read all; a backup without that is whole too, and takes longer to catch up with."""
    deadline = time.monotonic() + DRAIN_SECONDS_MAX
    while time.monotonic() < deadline:
        findings = await check_progress(platform)
        if all(finding.state is State.ok and "has read all" in finding.sentence for finding in findings):
            return True
        await asyncio.sleep(0.5)
    return False
