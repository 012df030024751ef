"""The broker away for twenty seconds under load, then PostgreSQL killed under load: late, but nothing lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from maillage.stack import Stack
from maillage.supervisor import Supervisor
from tests.faults.checkers.conservation import ask, find_problems
from tests.faults.checkers.histories import read_history
from tests.faults.record import Entry, entry
from tests.faults.scene import LATE_SECONDS_MAX, PATIENCE_SECONDS, TEST_TIMINGS, Run, booked_stack
from tests.faults.test_crashes import UNPUBLISHED

PER_SECOND = 100
AWAY_SECONDS = 20.0
SETTLES_IN = 60.0
BAR = (
    "broker stopped 20 s under load, then PostgreSQL killed and started under load: no booking refused while only the"
    " broker is away, nothing acknowledged is lost, everything arrives, no process started by hand"
)


@dataclass
class Window:
    """When something was away, in seconds since the epoch, and what was under way when it went."""

    began_at: float
    ended_at: float
    in_flight: int


@pytest.mark.timeout(900)
def test_broker_away(run_directory: Path, fault_seconds: float) -> None:
    with entry("broker_away", BAR) as shown:
        run_directory.chmod(0o755)
        away_seconds = AWAY_SECONDS * fault_seconds / 60
        with booked_stack(run_directory / "broker-away", TEST_TIMINGS, session_timeout_ms=2_000) as run:
            with supervised(run.here.stack) as said, run.load(away_seconds * 3, PER_SECOND):
                time.sleep(away_seconds / 2)
                broker = asyncio.run(stop_broker(run, away_seconds))
                time.sleep(away_seconds / 2)
                database = asyncio.run(kill_database(run))
            load_ended_at = time.time()
            is_settled = asyncio.run(run.until_settled(LATE_SECONDS_MAX))
            settled_at = time.time()
            in_time = is_settled and settled_at - load_ended_at <= SETTLES_IN
            shown.require(f"everything has arrived within {SETTLES_IN} s of the end of the load", in_time)
            judge(run, broker, database, shown)
            shown.show(settled_seconds_after_database=round(settled_at - database.ended_at, 1), supervisor=said)
            shown.require_none(asyncio.run(find_problems(run.base_url, run.history)))


@contextmanager
def supervised(stack: Stack) -> Iterator[list[str]]:
    """The product's own supervisor keeps the services alive; broker and database are this test's to start."""
    said: list[str] = []
    supervisor, ended = Supervisor(stack, said.append), threading.Event()
    parts_of_this_test = [part for part in (stack.broker, stack.postgres) if part is not None]

    def watch() -> None:
        while not ended.wait(0.5):
            if all(part.is_running for part in parts_of_this_test):
                supervisor.look_once()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield said
    finally:
        ended.set()
        thread.join(timeout=70)


async def stop_broker(run: Run, seconds: float) -> Window:
    """End the broker while events wait to be published, and start it after a while."""
    broker = run.here.stack.broker
    assert broker is not None
    began_at = time.time()
    broker.kill()
    await asyncio.sleep(seconds)
    [row] = await ask(run.base_url, "activities", UNPUBLISHED)
    ended_at = time.time()
    broker.start()
    return Window(began_at, ended_at, int(row["count"]))


async def kill_database(run: Run) -> Window:
    """Kill every process of PostgreSQL while transactions are open, and start it at once."""
    postgres = run.here.stack.postgres
    assert postgres is not None
    [row] = await ask(
        run.base_url, "activities",
        "select count(*) as count from pg_stat_activity where xact_start is not null and pid <> pg_backend_pid()",
    )  # fmt: skip
    began_at = time.time()
    os.kill(postgres.pid, signal.SIGQUIT)
    postgres.wait_until_ended()
    postgres.start()
    return Window(began_at, time.time(), int(row["count"]))


def judge(run: Run, broker: Window, database: Window, shown: Entry) -> None:
    """Who was refused, and when."""
    bookings = read_history(run.history, "booking")
    refusals: list[tuple[float, int]] = [tuple(refusal) for line in bookings for refusal in line["refusals"]]
    while_broker_away = [status for at, status in refusals if broker.began_at <= at < database.began_at]
    never_answered = [line for line in bookings if line["status"] != 201]
    shown.show(
        bookings=len(bookings),
        broker_away_seconds=round(broker.ended_at - broker.began_at, 1),
        events_waiting_when_the_broker_came_back=broker.in_flight,
        database_away_seconds=round(database.ended_at - database.began_at, 1),
        transactions_open_when_the_database_was_killed=database.in_flight,
        refused_while_only_the_broker_was_away=Counter(map(str, while_broker_away)),
        refused_and_tried_again_around_the_database=len(refusals) - len(while_broker_away),
        never_answered=len(never_answered),
        slowest_answer_while_the_broker_was_away_seconds=slowest(bookings, broker),
    )
    shown.require("work was in flight when the broker came back", broker.in_flight > 0)
    shown.require("transactions were open when the database was killed", database.in_flight > 0)
    shown.require("no booking refused while only the broker was away", not while_broker_away)
    first = json.dumps(never_answered[0]) if never_answered else ""
    shown.require(f"every booking answered within {PATIENCE_SECONDS} s: {first}", not never_answered)


def slowest(bookings: list[dict[str, Any]], window: Window) -> float:
    """The longest time from timetable to answer of those sent while something was away."""
    waits = [line["at"] - line["sent_at"] for line in bookings if window.began_at <= line["sent_at"] < window.ended_at]
    return round(max(waits, default=0.0), 2)
