"""Bookings on a timetable from a process of its own: `python -m tests.faults.load plan.json`.

The plan: {"host", "port", "token", "per_second", "clients", "patience_seconds", "history", "pairs": [[session id,
participant id], …]}. Requests start when the timetable says, whatever the answers do (open loop). What is not answered
by 201 or a 4xx is sent again with the same Idempotency-Key, as a good client does, until its patience ends. Every
request ends as one line of the history.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.load import Connection
from tests.faults.history import History

PATH = "/api/activities/v1/bookings"
RETRY_SECONDS = 0.25
TRIED_AGAIN = frozenset({0, 429, 500, 502, 503, 504})


async def run(plan: dict[str, Any]) -> None:
    """Send every booking and write down what became of it."""
    started = time.monotonic()
    numbered = iter(enumerate(plan["pairs"]))
    with History(Path(plan["history"])) as history:
        await asyncio.gather(*(_client(plan, numbered, started, history) for _ in range(plan["clients"])))


async def _client(
    plan: dict[str, Any], numbered: Iterator[tuple[int, list[str]]], started: float, history: History
) -> None:
    connection = Connection(plan["host"], plan["port"], plan["token"])
    for number, (session, participant) in numbered:
        await asyncio.sleep(max(0.0, started + number / plan["per_second"] - time.monotonic()))
        await _book(connection, session, participant, plan["patience_seconds"], history)


async def _book(
    connection: Connection, session: str, participant: str, patience_seconds: float, history: History
) -> None:
    body = json.dumps({"session_id": session, "places": [{"participant_id": participant}]}).encode()
    key, sent_at, refusals = uuid4().hex, time.time(), []
    while True:
        status, content = await connection.post(PATH, body, key)
        if status not in TRIED_AGAIN or time.time() - sent_at > patience_seconds:
            break
        refusals.append([time.time(), status])
        await asyncio.sleep(RETRY_SECONDS)
    told = json.loads(content) if content else {}
    history.note(
        "booking",
        session=session,
        participant=participant,
        sent_at=sent_at,
        status=status,
        refusals=refusals,
        state=told.get("state"),
        problem=told.get("type"),
        id=told.get("id"),
    )


if __name__ == "__main__":
    asyncio.run(run(json.loads(Path(sys.argv[1]).read_text())))
