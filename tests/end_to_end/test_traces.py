"""One booking is one trace over all services, and what they log holds no personal data."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from benchmarks.scene import PERSON, Scene, scene

pytestmark = pytest.mark.timeout(400)
PATIENCE_SECONDS = 60
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
NAMES = ("Zéphyrine", "Quatrebras", "zephyrine.quatrebras@example.org")
SERVICES_OF_A_BOOKING = {"activities", "finance", "staffing", "notifications"}


class Collector:
    """A real receiver of OTLP over HTTP: keeps every span by its trace."""

    def __init__(self) -> None:
        self.traces: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.take(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, request: Any) -> None:
        for resource_spans in request.resource_spans:
            attributes = {item.key: item.value.string_value for item in resource_spans.resource.attributes}
            for scope_spans in resource_spans.scope_spans:
                for span in scope_spans.spans:
                    self.traces[span.trace_id.hex()].append((attributes["service.name"], span))

    def __enter__(self) -> Collector:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with Collector() as running:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        yield running


def test_one_booking_is_one_trace_and_logs_name_nobody(tmp_path: Path, collector: Collector) -> None:
    with scene(tmp_path / "stack", log_level="DEBUG", durable=False) as made:
        session, participant = asyncio.run(prepare(made))
        answer = book(made, session, participant)
        assert answer.status_code == 201, answer.text
        refused = book(made, uuid4(), participant)
        assert refused.json()["trace_id"] == TRACE_ID
        wait_until(lambda: {service for service, _ in collector.traces[TRACE_ID]} >= SERVICES_OF_A_BOOKING)
        wait_until(lambda: any(span.name.startswith("handle") for _, span in collector.traces[TRACE_ID]))
        assert_is_a_tree(collector.traces[TRACE_ID])
        assert_exemplars_lead_to_the_trace(made)
        logs = {path.stem: path.read_text() for path in (made.stack.directory / "logs").glob("*.log")}
    assert_logs_name_nobody(logs, made.token)


async def prepare(made: Scene) -> tuple[Any, Any]:
    """A session, and a child and its mother whose names nobody else has."""
    [session] = await made.add_sessions(1, 10)
    base = made.stack.base_urls["activities"] + "/api/activities/v1"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {made.token}"}, timeout=30) as client:

        async def post(path: str, **body: object) -> str:
            answer = await client.post(base + path, json=body, headers={"Idempotency-Key": uuid4().hex})
            answer.raise_for_status()
            return str(answer.json()["id"])

        home = {"organisation_id": str(made.organisation_id)}
        household = await post("/households", **home, name=NAMES[1])
        contact = {"display_name": f"{NAMES[0]} {NAMES[1]}", "email": NAMES[2], "language": "fr"}
        await post(f"/households/{household}/contacts", **contact)
        child = {"given_name": NAMES[0], "family_name": NAMES[1], "born_on": "2016-05-01"}
        return session, await post("/participants", **home, household_id=household, **child)


def book(made: Scene, session: Any, participant: Any) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {made.token}",
        "Idempotency-Key": uuid4().hex,
        "traceparent": f"00-{TRACE_ID}-b7ad6b7169203331-01",
    }
    body = {"session_id": str(session), "places": [{"participant_id": str(participant)}]}
    url = made.stack.base_urls["activities"] + "/api/activities/v1/bookings"
    return httpx.post(url, json=body, headers=headers, timeout=30)


def assert_is_a_tree(spans: list[tuple[str, Any]]) -> None:
    """Request, statement, publication, handling, transaction: each step hangs under the one before it."""
    by_id = {span.span_id: (service, span) for service, span in spans}
    handled = [(service, span) for service, span in spans if span.name == "handle activities.booking_confirmed.v1"]
    assert {service for service, _ in handled} == {"finance", "staffing", "notifications"}
    for service, span in handled:
        publisher, published = by_id[span.parent_span_id]
        assert (publisher, published.name) == ("activities", "publish activities.booking_confirmed.v1")
        assert published.start_time_unix_nano <= span.start_time_unix_nano
        assert by_id[published.parent_span_id][1].name in ("statements", "POST /api/activities/v1/bookings")
        assert any(
            child.parent_span_id == span.span_id and child.name == "transaction" and owner == service
            for owner, child in spans
        )


def assert_exemplars_lead_to_the_trace(made: Scene) -> None:
    asked = httpx.get(
        made.stack.base_urls["activities"] + "/metrics", headers={"Accept": "application/openmetrics-text"}
    )
    lines = [line for line in asked.text.splitlines() if line.startswith("http_request_seconds_bucket")]
    assert any(f'trace_id="{TRACE_ID}"' in line for line in lines)
    plain = httpx.get(made.stack.base_urls["activities"] + "/metrics")
    assert "trace_id=" not in plain.text


def assert_logs_name_nobody(logs: dict[str, str], token: str) -> None:
    ours = [line for service in SERVICES_OF_A_BOOKING for line in logs[service].splitlines() if line.startswith("{")]
    told = [json.loads(line) for line in ours]
    assert any(entry.get("trace_id") == TRACE_ID for entry in told), "requests are logged with their trace"
    assert all({"event", "level", "timestamp"} <= entry.keys() for entry in told)
    for service, text in logs.items():
        if service in SERVICES_OF_A_BOOKING | {"partners"}:
            found = [name for name in (*NAMES, token, PERSON.email) if name in text]
            assert not found, f"{service} logs {found}"


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
