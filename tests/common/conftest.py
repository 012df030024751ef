"""A real broker and the database of an invented service, shared by the tests of one worker."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from common.logging import configure
from maillage.embedded.broker_choice import ChosenBroker, choose_broker
from tests.common.mechanism import Mechanism, event_class_of, make_mechanism, make_topic
from tests.factories.brokers import remember_broker


@pytest.fixture(scope="session", autouse=True)
def quick_logs() -> None:
    """Errors are provoked here on purpose, and the coloured traces of structlog's default cost a second each."""
    configure("test", "CRITICAL")


@pytest.fixture(scope="session")
def broker(run_directory: Path, worker_id: str) -> Iterator[ChosenBroker]:
    """The most real broker that this machine can have."""
    directory = run_directory / f"kafka-{worker_id}"
    directory.mkdir(exist_ok=True)
    with choose_broker(directory, say=remember_broker) as chosen:
        yield chosen


@pytest.fixture(scope="session")
async def mechanism_database(superuser_url: str, run_directory: Path, worker_id: str) -> AsyncIterator[Mechanism]:
    """The database that the tests of this worker share."""
    made = await make_mechanism(superuser_url, f"mechanism_{worker_id}", run_directory)
    yield made
    await made.close()


@pytest.fixture
async def mechanism(mechanism_database: Mechanism, broker: ChosenBroker) -> Mechanism:
    """The invented service with an empty outbox and a new topic on a real broker."""
    topic = f"{mechanism_database.service}.counters_{secrets.token_hex(4)}"
    await make_topic(broker.bootstrap_servers, topic)
    await mechanism_database.execute("truncate outbox_events")
    await mechanism_database.execute("update outbox_cursor set snapshot = '3:3:', next_snapshot = null, last_id = 0")
    return replace(
        mechanism_database, bootstrap_servers=broker.bootstrap_servers, topic=topic, event_class=event_class_of(topic)
    )
