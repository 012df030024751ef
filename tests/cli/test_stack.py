import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from maillage.embedded.part import PartFailed
from maillage.embedded.postgres import PostgreSQL
from maillage.running import NotRunning, find_running_stack
from maillage.stack import Stack, running_stack
from maillage.stack_lock import AlreadyRunning
from maillage.supervisor import Supervisor
from tests.cli.fake_services import FAILING_COMMAND, write_fake_service

SERVICES = ("fakeone", "faketwo")
ISSUER = "https://sign-in.example"
PATIENCE_SECONDS = 10


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packages"
    for service in SERVICES:
        write_fake_service(folder, service)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def answers(stack: Stack, service: str) -> bool:
    try:
        return httpx.get(f"{stack.base_urls[service]}/health/ready").is_success
    except httpx.HTTPError:
        return False


def niceness(stack: Stack, name: str) -> int:
    return os.getpriority(os.PRIO_PROCESS, stack.services[name].pid)


async def count_facts(stack: Stack) -> int:
    url = stack.environments["fakeone"]["FAKEONE_OWNER_DATABASE_URL"].replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM facts"))
    finally:
        await connection.close()


@pytest.mark.usefixtures("fakes")
def test_a_stack_boots_heals_and_stops(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    with running_stack(directory, services=SERVICES, durable=False) as stack:
        assert all(answers(stack, service) for service in SERVICES)
        assert asyncio.run(count_facts(stack)) == 0, "migrations have run"
        assert find_running_stack(directory).base_urls == stack.base_urls
        heals_a_killed_service(stack)
        heals_a_killed_broker(stack)
        with pytest.raises(AlreadyRunning, match=str(os.getpid())), running_stack(directory, services=SERVICES):
            pass
        parts = stack.parts
    assert not any(part.is_running for part in parts.values())
    with pytest.raises(NotRunning):
        find_running_stack(directory)


def heals_a_killed_service(stack: Stack) -> None:
    said: list[str] = []
    supervisor = Supervisor(stack, said.append)
    stack.services["fakeone"].kill()
    supervisor.look_once()
    assert said == ["fakeone ended with -9: it starts again in 1 s"]

    def look_and_ask() -> bool:
        supervisor.look_once()
        return answers(stack, "fakeone")

    wait_until(look_and_ask)


def heals_a_killed_broker(stack: Stack) -> None:
    before = {name: process.pid for name, process in stack.services.items()}
    assert stack.broker is not None
    stack.broker.kill()
    Supervisor(stack, print).look_once()
    assert all(answers(stack, service) for service in SERVICES)
    assert all(process.pid != before[name] for name, process in stack.services.items())


@pytest.mark.usefixtures("fakes")
def test_external_parts_replace_embedded_ones(tmp_path: Path, postgres: PostgreSQL) -> None:
    external: dict[str, Any] = {
        "external_database_url": postgres.url,
        "external_issuer": ISSUER,
        "external_kafka": "broker.example:9092",
    }
    with running_stack(tmp_path / "stack", services=("fakeone",), **external) as stack:
        assert set(stack.parts) == {"mail", "fakeone"}
        environment = stack.environments["fakeone"]
    assert f":{postgres.port}/fakeone" in environment["FAKEONE_API_DATABASE_URL"]
    assert environment["FAKEONE_TOKEN_ISSUER"] == ISSUER
    assert environment["FAKEONE_KAFKA_BOOTSTRAP_SERVERS"] == "broker.example:9092"
    assert environment["FAKEONE_KAFKA_IDEMPOTENCE_ENABLED"] == "true"
    assert environment["FAKEONE_BROKER_IS_VOLATILE"] == "false"


@pytest.mark.usefixtures("fakes")
def test_in_a_split_stack_every_command_has_its_own_process(tmp_path: Path) -> None:
    options: dict[str, Any] = {"services": ("fakeone",), "durable": False, "external_issuer": ISSUER}
    with running_stack(tmp_path / "stack", split=True, **options) as stack:
        assert set(stack.services) == {"fakeone-api", "fakeone-consumer", "fakeone-worker", "fakeone-relay"}
        wait_until(lambda: niceness(stack, "fakeone-worker") > niceness(stack, "fakeone-api"))
        stack.services["fakeone-relay"].kill()
        assert answers(stack, "fakeone")


def test_a_command_that_fails_ends_the_process_and_says_which(tmp_path: Path) -> None:
    write_fake_service(tmp_path, "broken", relay=FAILING_COMMAND)
    environment = {"BROKEN_HTTP_PORT": "0", "BROKEN_OWNER_DATABASE_URL": "", "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "maillage.host", "broken"]
    done = subprocess.run(
        command, check=False, env=os.environ | environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert "the relay is broken" in done.stderr
    assert "stopped because relay ended" in done.stderr


@pytest.mark.usefixtures("fakes")
def test_a_service_that_does_not_start_is_shown_with_its_log(tmp_path: Path, fakes: Path) -> None:
    (fakes / "fakeone" / "run_api.py").write_text("raise RuntimeError('no api today')")
    with (
        pytest.raises(PartFailed, match="no api today"),
        running_stack(tmp_path / "stack", services=("fakeone",), durable=False, external_issuer=ISSUER),
    ):
        pass
