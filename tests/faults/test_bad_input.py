"""Bad requests get a clear 4xx and change nothing; bad events are parked, and the next good one goes through."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from tests.faults.bad_requests import PATH, BadRequest, bad_requests
from tests.faults.checkers.conservation import CONFIRMED, SERVICES, ask
from tests.faults.checkers.tables import changed, count_rows
from tests.faults.plants import plant_in
from tests.faults.record import Entry, entry
from tests.faults.scene import TEST_TIMINGS, Run, booked_stack

BAR = "a clear 4xx or a parked key; nothing half done, the next request works"
TOPIC = "activities.bookings"
GROUPS = {"finance": "finance.charges", "staffing": "staffing.coverage", "notifications": "notifications.messages"}
EXAMPLE = Path(__file__).parents[2] / "libs" / "contracts" / "examples" / f"{CONFIRMED}.json"
ARRIVES_IN = 20.0


@pytest.mark.timeout(300)
def test_bad_input(run_directory: Path) -> None:
    with entry("bad_input", BAR) as shown:
        run_directory.chmod(0o755)
        options: dict[str, Any] = {"split": False}
        with booked_stack(run_directory / "bad-input", TEST_TIMINGS, session_timeout_ms=2_000, **options) as run:
            asyncio.run(plant_in(run.base_url))
            asyncio.run(send_bad_requests(run, shown))
            asyncio.run(send_bad_events(run, shown))


async def send_bad_requests(run: Run, shown: Entry) -> None:
    """Every request of the list, one after the other, and a good one at the end."""
    session, family = run.sessions[1], run.families[0]
    before = await count_rows(run.base_url, SERVICES)
    answers: dict[str, int] = {}
    unclear: list[str] = []
    async with httpx.AsyncClient(base_url=run.here.stack.base_urls["activities"], timeout=30) as client:
        for request in bad_requests(session, family, run.here.organisation_id, run.here.token):
            status, told = await _answer(client, request)
            answers[request.name] = status
            if told:
                unclear.append(f"{request.name}: {status} {told}")
        after = await count_rows(run.base_url, SERVICES)
        reused = await _reuse_key(client, run, session, family)
    shown.show(bad_requests=len(answers), statuses=_tally(answers), key_with_another_body=reused[1])
    shown.require_none({"unclear_answers": unclear, "half_done": changed(before, after)})
    shown.require("the next request works", reused[0] == 201)
    shown.require("the same key with another body is refused by 422", reused[1] == 422)


async def _answer(client: httpx.AsyncClient, request: BadRequest) -> tuple[int, str]:
    """The status, and what was said when it was not clear; a broken connection is status 0."""
    headers = {name: value.encode("latin-1") for name, value in request.headers.items()}
    try:
        answer = await client.request(request.method, request.path, content=request.body, headers=headers)
    except httpx.TransportError as error:
        return 0, repr(error)
    return answer.status_code, "" if _is_clear(answer) else answer.text[:200]


def _is_clear(answer: httpx.Response) -> bool:
    """A 4xx whose problem document names a type and says in words what is wrong."""
    if not 400 <= answer.status_code < 500 or answer.headers.get("content-type") != "application/problem+json":
        return False
    problem = answer.json()
    return bool(problem.get("type") and problem.get("title")) and problem.get("status") == answer.status_code


def _tally(answers: dict[str, int]) -> dict[str, int]:
    statuses = [str(status) for status in answers.values()]
    return {status: statuses.count(status) for status in sorted(set(statuses))}


async def _reuse_key(client: httpx.AsyncClient, run: Run, session: UUID, family: UUID) -> tuple[int, int]:
    """A good booking, and another one with its key."""
    headers = {"Authorization": f"Bearer {run.here.token}", "Idempotency-Key": uuid4().hex}
    statuses = []
    for participant in (family, run.families[1]):
        body = {"session_id": str(session), "places": [{"participant_id": str(participant)}]}
        statuses.append((await client.post(f"{PATH}/bookings", json=body, headers=headers)).status_code)
    return statuses[0], statuses[1]


async def send_bad_events(run: Run, shown: Entry) -> None:
    """Poison for every group, a later good event behind each poisoned key, and a good booking of another key."""
    shown.require("the good booking has arrived", await run.until_settled(ARRIVES_IN))
    before = await count_rows(run.base_url, tuple(GROUPS))
    poisoned = await _send_poison(run)
    await _send_unknown_type(run)
    parked = await _until_parked(run, poisoned)
    after = await count_rows(run.base_url, tuple(GROUPS))
    shown.show(poisoned_keys=len(poisoned))
    shown.require_none(
        {
            "not_parked": [f"{service}: {key} {name}" for service in GROUPS for name, key in parked[service].items()],
            "half_done_by_events": changed(before, after),
        }
    )
    shown.require("the next booking reaches every service", await _next_booking_arrives(run))


async def _send_poison(run: Run) -> dict[str, str]:
    """Put bad records on the bookings topic, each followed by a good one of the same key; returns key by name."""
    organisation = str(run.here.organisation_id)
    poison: dict[str, tuple[list[tuple[str, bytes | None]] | None, bytes | None]] = {
        "no headers": ([], b"{}"),
        "odd headers": ([("ce_id", b"\xff\xfe"), ("ce_\x00", None)], b"{}"),
        "no payload": (None, None),
        "no JSON": (None, b"\xff\xfe\x00"),
        "another shape": (None, b'{"organisation_id": 1}'),
        "another organisation": (None, _payload(str(uuid4()), str(uuid4()))),
        "a number beyond the database": (None, _payload(organisation, str(uuid4()), version=2**70)),
        "brackets without end": (None, b"[" * 100_000),
    }
    keys = {name: str(uuid4()) for name in poison}
    producer = AIOKafkaProducer(bootstrap_servers=run.here.stack.bootstrap_servers)
    await producer.start()
    for name, (headers, payload) in poison.items():
        key = keys[name]
        told = _headers(organisation) if headers is None else headers
        await producer.send_and_wait(TOPIC, payload, key=key.encode(), headers=told)
        await producer.send_and_wait(
            TOPIC, _payload(organisation, key), key=key.encode(), headers=_headers(organisation)
        )
    await producer.stop()
    return keys


async def _send_unknown_type(run: Run) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=run.here.stack.bootstrap_servers)
    await producer.start()
    headers = _headers(str(run.here.organisation_id), wire_type="activities.booking_painted.v9")
    await producer.send_and_wait(TOPIC, b"{}", key=str(uuid4()).encode(), headers=headers)
    await producer.stop()


def _payload(organisation: str, booking: str, **changes: object) -> bytes:
    example = json.loads(EXAMPLE.read_text())
    return json.dumps({**example, "organisation_id": organisation, "booking_id": booking, **changes}).encode()


def _headers(organisation: str, wire_type: str = CONFIRMED) -> list[tuple[str, bytes]]:
    values = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_type": wire_type,
        "ce_source": "/maillage/activities",
        "ce_time": "2026-01-01T00:00:00+00:00",
        "ce_subject": "poison",
        "ce_organisation": organisation,
    }
    return [(name, value.encode()) for name, value in values.items()]


async def _until_parked(run: Run, poisoned: dict[str, str]) -> dict[str, dict[str, str]]:
    """By service, the poisoned keys that are not parked with the good event behind them."""
    deadline = time.monotonic() + ARRIVES_IN
    while True:
        missing: dict[str, dict[str, str]] = {}
        for service, group in GROUPS.items():
            rows = await ask(
                run.base_url, service,
                "select event_key, count(*) as count from parked_events where consumer_group = $1 group by 1", group,
            )  # fmt: skip
            waiting = {row["event_key"]: row["count"] for row in rows}
            missing[service] = {name: key for name, key in poisoned.items() if waiting.get(key) != 2}
        if not any(missing.values()) or time.monotonic() > deadline:
            return missing
        await asyncio.sleep(0.25)


async def _next_booking_arrives(run: Run) -> bool:
    """Book through HTTP and look for the charge, the place and the message."""
    headers = {"Authorization": f"Bearer {run.here.token}", "Idempotency-Key": uuid4().hex}
    body = {"session_id": str(run.sessions[1]), "places": [{"participant_id": str(run.families[2])}]}
    async with httpx.AsyncClient(base_url=run.here.stack.base_urls["activities"], timeout=30) as client:
        booking = (await client.post(f"{PATH}/bookings", json=body, headers=headers)).json()["id"]
    questions = {
        "finance": "select 1 from charges where booking_id::text = $1",
        "staffing": "select 1 from covered_bookings where booking_id::text = $1",
        "notifications": "select 1 from messages where split_part(fact_id, ':', 2) = $1",
    }
    deadline = time.monotonic() + ARRIVES_IN
    while time.monotonic() < deadline:
        if all([await ask(run.base_url, service, question, booking) for service, question in questions.items()]):
            return True
        await asyncio.sleep(0.25)
    return False
