"""What the platform costs, idle and at work, and whether people notice that all of it is replaced under them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import psutil

from benchmarks.results import Entry, percentile
from benchmarks.scene import Scene, scene
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import State
from maillage.doctor.platform import platform_of
from maillage.doctor.report import examine
from maillage.embedded.part import Part
from maillage.embedded.ports import free_port
from maillage.service_process import ServiceProcess

PER_SECOND_WANTED = 100
PER_SECOND = int(os.environ.get("BOOKINGS_PER_SECOND", str(PER_SECOND_WANTED)))
IDLE_SECONDS, BUSY_SECONDS = 15, 20
ENDPOINT_SECONDS = 0.5
SETTLE_SECONDS_MAX = 120
P99_SECONDS_MAX = 2.0
JUDGED_BY = ("parked-keys", "invariants", "events-handled")
MEGABYTE = 1 << 20


@dataclass
class Traffic:
    """Bookings at a steady rate, to whichever of the addresses are in service; nothing is tried twice."""

    token: str
    sessions: list[UUID]
    people: list[UUID]
    addresses: list[str]
    acknowledged: set[UUID] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set or the people run out; a request begins when it is due, whatever became of others."""
        limits = httpx.Limits(max_keepalive_connections=0)  # As if each came from somewhere else.
        headers = {"Authorization": f"Bearer {self.token}"}
        began = time.monotonic()
        async with (
            httpx.AsyncClient(headers=headers, timeout=30, limits=limits) as client,
            asyncio.TaskGroup() as tasks,
        ):
            for number in range(len(self.people)):
                await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
                if stop.is_set():
                    return
                tasks.create_task(self._book(client, number))

    async def _book(self, client: httpx.AsyncClient, number: int) -> None:
        url = self.addresses[number % len(self.addresses)] + "/api/activities/v1/bookings"
        session, person = self.sessions[number % len(self.sessions)], self.people.pop()
        body = {"session_id": str(session), "places": [{"participant_id": str(person)}]}
        started = time.perf_counter()
        try:
            answer = await client.post(url, json=body, headers={"Idempotency-Key": uuid4().hex})
        except httpx.HTTPError as error:
            self.failures.append(repr(error))
            return
        self.seconds.append(time.perf_counter() - started)
        if answer.status_code == 201:
            self.acknowledged.add(UUID(answer.json()["id"]))
        else:
            self.failures.append(f"{answer.status_code} {answer.text[:200]}")


def measure(directory: Path) -> dict[str, Entry]:
    """One stack with a process for each command, as in a cluster, and a second api of activities."""
    with scene(directory, split=True) as made:
        second = _second_api(made, directory)
        second.start()
        try:
            return asyncio.run(_measure(made, second))
        finally:
            second.stop()


def _second_api(made: Scene, directory: Path) -> ServiceProcess:
    environment = made.stack.environments["activities"] | {"ACTIVITIES_HTTP_PORT": str(free_port())}
    return ServiceProcess("activities", directory / "second", environment, made.stack.template, ("api",))


async def _measure(made: Scene, second: ServiceProcess) -> dict[str, Entry]:
    parts: dict[str, Part] = {**made.stack.parts, "activities-api-2": second}
    idle = await _cost(parts, IDLE_SECONDS)
    traffic = await _traffic(made, second)
    stop = asyncio.Event()
    booking = asyncio.create_task(traffic.run(stop))
    busy = await _cost(parts, BUSY_SECONDS)
    replaced_in = await asyncio.to_thread(_replace_everything, made, second, traffic)
    stop.set()
    await booking
    broken = await _wait_until_settled(made)
    lost = len(traffic.acknowledged - await _kept(made))
    return {"cost": _cost_entry(idle, busy), "rolling_upgrade": _upgrade_entry(traffic, replaced_in, lost, broken)}


async def _traffic(made: Scene, second: ServiceProcess) -> Traffic:
    sessions = await made.add_sessions(20, 10_000)
    people = await made.add_participants(PER_SECOND * 240)
    return Traffic(made.token, sessions, people, [made.stack.base_urls["activities"], second.base_url])


def _replace_everything(made: Scene, second: ServiceProcess, traffic: Traffic) -> float:
    """One process after another; an api leaves the addresses before it is told to stop. Returns seconds."""
    started = time.monotonic()
    for process in [*made.stack.services.values(), second]:
        serves = process.service == "activities" and process.commands == ("api",)
        if serves:
            traffic.addresses = [address for address in traffic.addresses if address != process.base_url]
            time.sleep(ENDPOINT_SECONDS)
        process.stop()
        process.start()
        if serves:
            traffic.addresses = [*traffic.addresses, process.base_url]
    return time.monotonic() - started


async def _cost(parts: Mapping[str, Part], seconds: int) -> dict[str, dict[str, float]]:
    """Resident memory and share of a core of each part, children included, over so many seconds."""
    families = {name: _family(part.pid) for name, part in parts.items()}
    before = {name: _cpu_seconds(family) for name, family in families.items()}
    await asyncio.sleep(seconds)
    return {
        name: {
            "memory_mb": round(_memory_bytes(family) / MEGABYTE, 1),
            "cores": round((_cpu_seconds(family) - before[name]) / seconds, 3),
        }
        for name, family in families.items()
    }


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _memory_bytes(family: list[psutil.Process]) -> int:
    total = 0
    for process in family:
        with suppress(psutil.NoSuchProcess):  # A session of PostgreSQL may have ended.
            total += process.memory_info().rss
    return total


def _cpu_seconds(family: list[psutil.Process]) -> float:
    total = 0.0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


async def _wait_until_settled(made: Scene) -> list[str]:
    checks = [check for check in CHECKS if check.id in JUDGED_BY]
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while True:
        examined = await examine(platform_of(made.stack.environments), checks)
        broken = [one.sentence for found in examined for one in found.findings if one.state is State.failed]
        if not broken or time.monotonic() > deadline:
            return broken
        await asyncio.sleep(2)


async def _kept(made: Scene) -> set[UUID]:
    connection: asyncpg.Connection = await made.connect()
    try:
        return {row["id"] for row in await connection.fetch("select id from bookings")}
    finally:
        await connection.close()


def _cost_entry(idle: Mapping[str, Any], busy: Mapping[str, Any]) -> Entry:
    figures = {"bookings_per_second": PER_SECOND, "idle": idle, "busy": busy}
    bar = f"measured at {PER_SECOND_WANTED} bookings/s"
    return Entry(figures, bar, ok=PER_SECOND >= PER_SECOND_WANTED)


def _upgrade_entry(traffic: Traffic, replaced_in: float, lost: int, broken: list[str]) -> Entry:
    p99 = percentile(traffic.seconds, 99)
    figures = {
        "bookings_per_second": PER_SECOND,
        "acknowledged": len(traffic.acknowledged),
        "failed": len(traffic.failures),
        "failures": traffic.failures[:5],
        "lost": lost,
        "p99_seconds": round(p99, 3),
        "replaced_in_seconds": round(replaced_in, 1),
        "broken": broken,
    }
    bar = f"at {PER_SECOND_WANTED} bookings/s: 0 failed, 0 lost, p99 at most {P99_SECONDS_MAX:.0f} s"
    is_well = not traffic.failures and not lost and not broken and p99 <= P99_SECONDS_MAX
    return Entry(figures, bar, ok=is_well and PER_SECOND >= PER_SECOND_WANTED)
