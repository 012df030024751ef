"""Relays, consumers and workers killed with -9 under load, each while it had work in its hands."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from maillage.service_process import ServiceProcess
from tests.faults.checkers.conservation import ask, find_problems
from tests.faults.plants import OVERSELL, UNBALANCE, plant_in, planted
from tests.faults.record import Entry, entry
from tests.faults.scene import DEFAULT_TIMINGS, LATE_SECONDS_MAX, TEST_TIMINGS, Run, booked_stack

PER_SECOND = 100
KILLS_OF_EACH = 10
BAR = (
    "relays, consumers and workers killed ten times each with work in flight: 0 lost, 0 doubled, every book balances,"
    " one message row per human and fact, settled within 10 s of the last kill (40 s with default timings)"
)
RESTART_SECONDS = 0.5
UNPUBLISHED = (
    "select count(*) as count from outbox_events, outbox_cursor"
    " where not pg_visible_in_snapshot(xid, snapshot::pg_snapshot)"
)
DUE = "select count(*) as count from due_rows where due_at <= now() or attempts > 0"
ANNOUNCED = "select count(*) as count from outbox_events where wire_type = any($1)"
HANDLED = "select count(*) as count from handled_events where consumer_group = $1"
BOOKING_EVENTS = ["activities.booking_confirmed.v1", "activities.booking_waitlisted.v1"]
CONFIRMED_ONLY = ["activities.booking_confirmed.v1"]
SESSION_EVENTS = ["activities.session_scheduled.v1"]
GROUPS = {
    "finance-consumer": ("finance", "finance.charges", CONFIRMED_ONLY + SESSION_EVENTS),
    "notifications-consumer": ("notifications", "notifications.messages", BOOKING_EVENTS),
    "staffing-consumer": ("staffing", "staffing.coverage", CONFIRMED_ONLY + SESSION_EVENTS),
}


@dataclass
class Kills:
    """What was killed and how much work it had in its hands."""

    in_flight: dict[str, list[int]] = field(default_factory=dict)
    idle: int = 0
    last_at: float = 0.0

    def count(self, kind: str) -> int:
        """Kills that count: those with work in flight."""
        return len(self.in_flight.get(kind, []))


@pytest.mark.timeout(1_200)
def test_crashes(run_directory: Path, fault_seconds: float) -> None:
    with entry("crashes", BAR) as shown:
        run_directory.chmod(0o755)
        kills_of_each = max(1, round(KILLS_OF_EACH * fault_seconds / 60))
        with booked_stack(run_directory / "crashes", TEST_TIMINGS, session_timeout_ms=2_000) as run:
            asyncio.run(plant_in(run.base_url))
            play(run, fault_seconds, kills_of_each, settles_in=10.0, shown=shown)
        if not planted():
            with booked_stack(run_directory / "crashes-default", DEFAULT_TIMINGS, session_timeout_ms=None) as run:
                play_with_default_timings(run, min(15.0, fault_seconds), shown)


def play(run: Run, seconds: float, kills_of_each: int, settles_in: float, shown: Entry) -> None:
    """Load, kills, and the judgement."""
    with run.load(seconds, PER_SECOND):
        kills = asyncio.run(kill_in_turn(run, seconds, kills_of_each))
        asyncio.run(spoil(run, shown))
    settled = asyncio.run(settle(run, kills))
    problems = asyncio.run(find_problems(run.base_url, run.history))
    bookings = asyncio.run(ask(run.base_url, "activities", "select state, count(*) as count from bookings group by 1"))
    shown.show(
        seconds=seconds,
        bookings={row["state"]: row["count"] for row in bookings},
        kills={kind: len(found) for kind, found in kills.in_flight.items()},
        work_in_flight=kills.in_flight,
        looks_without_work=kills.idle,
        settled_seconds_after_last_kill=settled,
    )
    for kind in ("relay", "consumer", "worker"):
        enough = f"{kills_of_each} kills of {kind} with work in flight, there were {kills.count(kind)}"
        shown.require(enough, kills.count(kind) >= kills_of_each)
    shown.require(f"settled within {settles_in} s of the last kill", settled is not None and settled <= settles_in)
    shown.require_none(problems)


async def kill_in_turn(run: Run, seconds: float, kills_of_each: int) -> Kills:
    """Kill relay, a consumer and the worker in turn, evenly over the load."""
    kills = Kills()
    services = run.here.stack.services
    consumers = cycle(GROUPS)
    started = time.monotonic()
    turns = 3 * kills_of_each
    for turn in range(turns):
        await asyncio.sleep(max(0.0, started + (turn + 0.5) * seconds / turns - time.monotonic()))
        kind = ("relay", "consumer", "worker")[turn % 3]
        name = {"relay": "activities-relay", "worker": "notifications-worker"}.get(kind) or next(consumers)
        await kill_with_work(run, services[name], kind, kills)
    return kills


async def kill_with_work(run: Run, process: ServiceProcess, kind: str, kills: Kills) -> None:
    """Hold the process still, look at its work, and kill it when it has some; else let it go on and look again."""
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        if process.is_running:
            os.kill(process.pid, signal.SIGSTOP)
            work = await work_in_flight(run, process.name)
            if work > 0:
                process.kill()
                kills.in_flight.setdefault(kind, []).append(work)
                kills.last_at = time.monotonic()
                await asyncio.sleep(RESTART_SECONDS)
                process.launch()
                return
            os.kill(process.pid, signal.SIGCONT)
            kills.idle += 1
        await asyncio.sleep(0.03)


async def work_in_flight(run: Run, name: str) -> int:
    """Rows that this process has to finish at this moment."""
    service, _, command = name.partition("-")
    if command == "relay":
        [row] = await ask(run.base_url, service, UNPUBLISHED)
        return int(row["count"])
    if command == "worker":
        [row] = await ask(run.base_url, service, DUE)
        return int(row["count"])
    service, group, wire_types = GROUPS[name]
    [handled] = await ask(run.base_url, service, HANDLED, group)
    [announced] = await ask(run.base_url, "activities", ANNOUNCED, wire_types)
    return int(announced["count"]) - int(handled["count"])


async def spoil(run: Run, shown: Entry) -> None:
    """What a defective release might try: the database must refuse it, or the checker must see it."""
    shown.show(unbalanced_entry_refused=not await UNBALANCE.succeeds(run.base_url))
    shown.show(oversold_update_refused=not await OVERSELL.succeeds(run.base_url))


async def settle(run: Run, kills: Kills) -> float | None:
    """Seconds from the last kill until all have caught up; the load has ended a moment after that kill."""
    is_settled = await run.until_settled(LATE_SECONDS_MAX)
    return round(time.monotonic() - kills.last_at, 2) if is_settled else None


def play_with_default_timings(run: Run, seconds: float, shown: Entry) -> None:
    """Every consumer killed once, with the session timeouts and delays that an installation has."""
    with run.load(seconds, PER_SECOND):
        kills = asyncio.run(kill_consumers(run, seconds))
    settled = asyncio.run(settle(run, kills))
    problems = asyncio.run(find_problems(run.base_url, run.history))
    shown.show(
        default_timings={
            "kills": {kind: len(found) for kind, found in kills.in_flight.items()},
            "settled_seconds_after_last_kill": settled,
            "problems": {kind: len(found) for kind, found in problems.items() if found},
        }
    )
    shown.require("with default timings: settled within 40 s", settled is not None and settled <= 40)
    shown.require("with default timings: nothing lost, nothing doubled", not any(problems.values()))


async def kill_consumers(run: Run, seconds: float) -> Kills:
    kills = Kills()
    await asyncio.sleep(seconds / 2)
    for name in GROUPS:
        await kill_with_work(run, run.here.stack.services[name], "consumer", kills)
    return kills
