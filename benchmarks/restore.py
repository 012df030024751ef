"""The restore drill: a backup under load, a disaster, a restore; what was acknowledged before the point is there."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from benchmarks.past import add_past
from benchmarks.results import Entry
from benchmarks.scene import Scene, scene
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import State
from maillage.doctor.platform import platform_of
from maillage.doctor.report import examine
from maillage.embedded.ports import free_ports
from maillage.recovery.backup import Manifest, back_up
from maillage.recovery.commands import restore_stack
from maillage.stack import Stack, running_stack
from maillage.stack_options import DEFAULT_PORTS

BOOKINGS_PER_SECOND = 10
LOAD_SECONDS = 30
BACKUP_AFTER_SECONDS = 8
SETTLE_SECONDS_MAX = 180
JUDGED_BY = ("schema-version", "row-security", "parked-keys", "invariants", "events-handled")


@dataclass
class Load:
    """What was answered by 201, and when."""

    acknowledged: dict[UUID, datetime] = field(default_factory=dict)

    async def run(self, made: Scene, sessions: list[UUID], people: list[UUID]) -> None:
        """Books one place after another at a steady rate."""
        url = made.stack.base_urls["activities"] + "/api/activities/v1/bookings"
        headers = {"Authorization": f"Bearer {made.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=30) as client, asyncio.TaskGroup() as tasks:
            for number, person in enumerate(people):
                tasks.create_task(self._book(client, url, sessions[number % len(sessions)], person))
                await asyncio.sleep(1 / BOOKINGS_PER_SECOND)

    async def _book(self, client: httpx.AsyncClient, url: str, session: UUID, person: UUID) -> None:
        body = {"session_id": str(session), "places": [{"participant_id": str(person)}]}
        answer = await client.post(url, json=body, headers={"Idempotency-Key": uuid4().hex})
        if answer.status_code == 201:
            self.acknowledged[UUID(answer.json()["id"])] = datetime.now(UTC)


def measure(directory: Path, past: int = 0) -> Entry:
    """Backs up while people book, loses everything afterwards, and restores; `past`: bookings that are there before."""
    home, folder, load = directory / "stack", directory / "backup", Load()
    keep_addresses(home)
    with scene(home, keeps_ports=True) as made:
        asyncio.run(add_past(made, past))
        manifest, backup_seconds = asyncio.run(_book_and_back_up(made, folder, load))
        lost_at = datetime.now(UTC)
    shutil.rmtree(home / "postgres")
    started = time.monotonic()
    restore_stack(folder, home)
    loaded_seconds = time.monotonic() - started
    with running_stack(home, keeps_ports=True) as stack:
        ready_seconds = time.monotonic() - started
        broken = asyncio.run(_wait_until_well(stack))
        settled_seconds = time.monotonic() - started
        kept = asyncio.run(_bookings(stack))
    before = {booking for booking, at in load.acknowledged.items() if at < manifest.restore_point}
    figures = {
        "bookings_before": past,
        "acknowledged": len(load.acknowledged),
        "acknowledged_before_the_restore_point": len(before),
        "missing_of_those": len(before - kept),
        "lost_after_it": len(set(load.acknowledged) - kept),
        "recovery_point_seconds": round((lost_at - manifest.restore_point) / timedelta(seconds=1), 1),
        "backup_seconds": round(backup_seconds, 1),
        "loaded_seconds": round(loaded_seconds, 1),
        "ready_seconds": round(ready_seconds, 1),
        "settled_seconds": round(settled_seconds, 1),
        "dump_megabytes": round(sum(path.stat().st_size for path in folder.iterdir()) / 1e6, 2),
        "broken": broken,
    }
    is_real = 0 < len(before) < len(load.acknowledged)
    bar = "nothing acknowledged before the restore point is missing, every invariant holds, booked during the backup"
    return Entry(figures, bar, ok=is_real and before <= kept and not broken and len(kept) >= past + len(before))


def keep_addresses(home: Path) -> None:
    """Accounts belong to the issuer's address, so the restored platform must have the same."""
    home.mkdir(parents=True)
    home.chmod(0o755)
    ports = dict(zip(DEFAULT_PORTS, free_ports(len(DEFAULT_PORTS)), strict=True))
    (home / "stack.json").write_text(json.dumps({"ports": ports}))


async def _book_and_back_up(made: Scene, folder: Path, load: Load) -> tuple[Manifest, float]:
    sessions = await made.add_sessions(10, 1_000)
    people = await made.add_participants(BOOKINGS_PER_SECOND * LOAD_SECONDS)
    booking = asyncio.create_task(load.run(made, sessions, people))
    await asyncio.sleep(BACKUP_AFTER_SECONDS)
    started = time.monotonic()
    manifest = await back_up(platform_of(made.stack.environments), folder, lambda _text: nullcontext())
    seconds = time.monotonic() - started
    await booking
    return manifest, seconds


async def _wait_until_well(stack: Stack) -> list[str]:
    """What is still broken when the outboxes have been published anew and handled, or when patience ends."""
    checks = [check for check in CHECKS if check.id in JUDGED_BY]
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while True:
        examined = await examine(platform_of(stack.environments), checks)
        broken = [finding.sentence for one in examined for finding in one.findings if finding.state is State.failed]
        if not broken or time.monotonic() > deadline:
            return broken
        await asyncio.sleep(1)


async def _bookings(stack: Stack) -> set[UUID]:
    connection: Any = await asyncpg.connect(stack.superuser_url.rsplit("/", 1)[0] + "/activities")
    try:
        return {row["id"] for row in await connection.fetch("select id from bookings")}
    finally:
        await connection.close()
