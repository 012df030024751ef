"""Which broker the tests run against: the most real one that this machine can have."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from maillage.embedded.kafka import ApacheKafka, Broker, MeshBroker
from maillage.embedded.kafka_jars import KafkaUnavailable, kafka_version
from maillage.embedded.part import PartFailed
from maillage.embedded.ports import free_port
from maillage.places import NotACheckout, kafka_pom

# Members join at once, and a member that died is noticed within two seconds.
TEST_SETTINGS = {"group.initial.rebalance.delay.ms": "0", "group.min.session.timeout.ms": "1000"}


@dataclass(frozen=True)
class ChosenBroker:
    """`rejected` says why no better one was taken; `process` is there when it can be killed and started again."""

    bootstrap_servers: str
    description: str
    is_apache: bool
    rejected: tuple[str, ...] = ()
    process: Broker | None = None


@contextmanager
def choose_broker(
    directory: Path, *, say: Callable[[str], None] = print, settings: Mapping[str, str] = TEST_SETTINGS
) -> Iterator[ChosenBroker]:
    """Running until the block ends; the choice is said in one line."""
    rejected: list[str] = []
    for attempt in (_running_elsewhere, _container, _own_jars, _mesh):
        try:
            with attempt(directory, settings) as broker:
                chosen = replace(broker, rejected=tuple(rejected))
                say(_one_line(chosen))
                yield chosen
                return
        except _NotChosen as reason:
            rejected.append(str(reason))
    raise KafkaUnavailable("; ".join(rejected))


class _NotChosen(Exception):
    """Why this kind of broker is not to be had here."""


def _one_line(chosen: ChosenBroker) -> str:
    reasons = f" ({'; '.join(chosen.rejected)})" if chosen.rejected else ""
    return f"Kafka for this run: {chosen.description} at {chosen.bootstrap_servers}{reasons}"


@contextmanager
def _running_elsewhere(_directory: Path, _settings: Mapping[str, str]) -> Iterator[ChosenBroker]:
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if not servers:
        raise _NotChosen("KAFKA_BOOTSTRAP_SERVERS is not set")
    yield ChosenBroker(servers, "the broker of KAFKA_BOOTSTRAP_SERVERS", is_apache=True)


@contextmanager
def _container(_directory: Path, settings: Mapping[str, str]) -> Iterator[ChosenBroker]:
    try:
        from maillage.embedded import kafka_container  # noqa: PLC0415  Its library is there for tests only
    except ImportError as error:
        raise _NotChosen("testcontainers is not installed") from error
    image = f"apache/kafka:{kafka_version(kafka_pom())}"
    port = free_port()
    try:
        container = kafka_container.start_container(image, port, settings)
    except KafkaUnavailable as error:
        raise _NotChosen(str(error)) from error
    try:
        yield ChosenBroker(f"127.0.0.1:{port}", f"a container of {image}", is_apache=True)
    finally:
        container.stop()


@contextmanager
def _own_jars(directory: Path, settings: Mapping[str, str]) -> Iterator[ChosenBroker]:
    broker = ApacheKafka(directory, free_port(), settings=settings)
    _start(broker)
    try:
        description = f"Apache Kafka {kafka_version(kafka_pom())} from its jars"
        yield ChosenBroker(broker.bootstrap_servers, description, is_apache=True, process=broker)
    finally:
        broker.stop()


@contextmanager
def _mesh(directory: Path, _settings: Mapping[str, str]) -> Iterator[ChosenBroker]:
    broker = MeshBroker(directory, free_port())
    _start(broker)
    try:
        description = "the embedded broker, which forgets and is not Apache Kafka"
        yield ChosenBroker(broker.bootstrap_servers, description, is_apache=False, process=broker)
    finally:
        broker.stop()


def _start(broker: Broker) -> None:
    try:
        broker.start()
    except (KafkaUnavailable, NotACheckout, PartFailed) as error:
        broker.stop()
        raise _NotChosen(f"{type(broker).__name__}: {error}") from error
