"""A split stack on Apache Kafka under a load of bookings, whose history is written to a file."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from benchmarks.scene import Scene, scene
from tests.faults.checkers.conservation import PRICE_MINOR, ask, count_unsettled

TEST_TIMINGS = {"group.initial.rebalance.delay.ms": "0", "group.min.session.timeout.ms": "1000"}
DEFAULT_TIMINGS = {"group.initial.rebalance.delay.ms": "3000"}
SESSIONS, FAMILIES = 30, 240
HOT_CAPACITY, CAPACITY = 10, 400
PATIENCE_SECONDS = 60.0
LATE_SECONDS_MAX = 240.0  # What has not arrived by then counts as lost; before, as late.


@dataclass
class Run:
    """One stack with sessions and families, and where its history is."""

    here: Scene
    history: Path
    sessions: list[UUID]
    families: list[UUID]

    @property
    def base_url(self) -> str:
        return self.here.stack.superuser_url.rsplit("/", 1)[0]

    @contextmanager
    def load(self, seconds: float, per_second: int = 100, seed: int = 1) -> Iterator[subprocess.Popen[bytes]]:
        """Bookings over HTTP until the process ends; the block ends with it."""
        plan_path = self.history.with_suffix(".plan.json")
        host, port = self.here.stack.base_urls["activities"].removeprefix("http://").split(":")
        plan = {
            "host": host,
            "port": int(port),
            "token": self.here.token,
            "per_second": per_second,
            "clients": 64,
            "patience_seconds": PATIENCE_SECONDS,
            "history": str(self.history),
            "pairs": self._pairs(round(seconds * per_second), seed),
        }
        plan_path.write_text(json.dumps(plan))
        process = subprocess.Popen([sys.executable, "-m", "tests.faults.load", str(plan_path)])
        try:
            yield process
            assert process.wait(seconds + PATIENCE_SECONDS) == 0
        finally:
            process.kill()
            process.wait()

    def _pairs(self, count: int, seed: int) -> list[tuple[str, str]]:
        """Every family books every session at most once; all of them want the first session."""
        pairs = [(str(session), str(family)) for session in self.sessions for family in self.families]
        random.Random(seed).shuffle(pairs)
        taken, self._kept = pairs[:count], pairs[count:]
        return taken

    async def until_settled(self, seconds: float) -> bool:
        """Wait until every service has caught up; False when they have not within `seconds`."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if not any((await count_unsettled(self.base_url)).values()):
                return True
            await asyncio.sleep(0.25)
        return False


@contextmanager
def booked_stack(
    directory: Path, timings: dict[str, str], session_timeout_ms: int | None, **options: Any
) -> Iterator[Run]:
    """Boot everything, one process for each command of each service, and make sessions and families."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)
    chosen = {"broker": "kafka", "split": True, "durable": True, "log_level": "WARNING"} | options
    with scene(directory, kafka_settings=timings, kafka_session_timeout_ms=session_timeout_ms, **chosen) as here:
        sessions = asyncio.run(_plan_sessions(here))
        families = asyncio.run(here.add_families(FAMILIES))
        run = Run(here, directory / "history.jsonl", sessions, families)
        asyncio.run(_until_known(run))
        yield run


async def _plan_sessions(here: Scene) -> list[UUID]:
    """Sessions through the API, the first one too small for those who want it."""
    headers = {"Authorization": f"Bearer {here.token}"}
    site_id = await here.add_site()
    planned = []
    async with httpx.AsyncClient(base_url=here.stack.base_urls["activities"], headers=headers, timeout=30) as client:
        for number in range(SESSIONS):
            starts_at = datetime.now(UTC) + timedelta(days=30 + number)
            body = {
                "activity_id": str(here.activity_id),
                "site_id": str(site_id),
                "title": f"Session {number}",
                "capacity": HOT_CAPACITY if number == 0 else CAPACITY,
                "prices": {"standard": PRICE_MINOR},
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
            }
            answer = await client.post(
                "/api/activities/v1/sessions", json=body, headers={"Idempotency-Key": uuid4().hex}
            )
            assert answer.status_code == 201, answer.text
            planned.append(UUID(answer.json()["id"]))
    return planned


async def _until_known(run: Run) -> None:
    """Wait until staffing knows the sessions and notifications the families."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        [sessions] = await ask(run.base_url, "staffing", "select count(*) as count from known_sessions")
        [contacts] = await ask(run.base_url, "notifications", "select count(*) as count from recipients")
        if sessions["count"] >= SESSIONS and contacts["count"] >= FAMILIES:
            return
        await asyncio.sleep(0.25)
    raise TimeoutError("sessions and families were not known to the other services within 60 s")
