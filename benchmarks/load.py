"""A cheap HTTP/1.1 client on keep-alive connections: `python -m benchmarks.load plan.json` in a process of its own.

The plan: {"host", "port", "token", "clients", "bodies": [...], "per_second": null | number}. With `per_second` requests
start on a timetable whatever the answers do (open loop), else every client sends when its last answer is in. The
answers go to standard output as JSON: {"seconds", "answers": [[sent at, seconds, status, state or problem, id]]}.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

Answer = tuple[float, float, int, str, str]


class Connection:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._host, self._port, self._token = host, port, token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, key: str) -> tuple[int, bytes]:
        """Send one POST and read its answer; a broken connection is status 0."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(self._host, self._port)
            reader, writer = self._streams
            writer.write(head.encode() + body)
            return await _read_answer(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self._streams = None
            return 0, b"{}"


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
    return status, await reader.readexactly(length)


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Send every body once."""
    waiting: asyncio.Queue[bytes] = asyncio.Queue()
    for body in plan["bodies"]:
        waiting.put_nowait(json.dumps(body).encode())
    answers: list[Answer] = []
    started = time.monotonic()
    timetable = None if plan["per_second"] is None else 1 / plan["per_second"]
    total = waiting.qsize()

    async def client() -> None:
        connection = Connection(plan["host"], plan["port"], plan["token"])
        while not waiting.empty():
            number = total - waiting.qsize()
            body = waiting.get_nowait()
            if timetable is not None:
                await asyncio.sleep(max(0.0, started + number * timetable - time.monotonic()))
            sent_at, sent = time.time(), time.monotonic()
            status, content = await connection.post(plan["path"], body, uuid4().hex)
            answers.append(_answer(sent_at, time.monotonic() - sent, status, content))

    await asyncio.gather(*(client() for _ in range(plan["clients"])))
    return {"seconds": time.monotonic() - started, "answers": answers}


def _answer(sent_at: float, seconds: float, status: int, content: bytes) -> Answer:
    told = json.loads(content)
    return sent_at, seconds, status, str(told.get("state") or told.get("type") or ""), str(told.get("id") or "")


if __name__ == "__main__":
    plan_path = Path(sys.argv[1])
    sys.stdout.write(json.dumps(asyncio.run(run(json.loads(plan_path.read_text())))))
