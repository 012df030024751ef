"""Which broker the tests run against: the most real one that this machine can have."""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from maillage.embedded.kafka import ApacheKafka, Broker, MeshBroker, answers_metadata
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.part import PartFailed
from maillage.embedded.ports import free_port
from maillage.places import NotACheckout, workspace_root

ENGINE_ANSWER_SECONDS = 2
PULL_SECONDS = 300
CONTAINER_SECONDS = 60
# Members join at once, and a member that died is noticed within two seconds.
TEST_SETTINGS = {"group.initial.rebalance.delay.ms": "0", "group.min.session.timeout.ms": "1000"}
CONTAINER_SETTINGS = {
    "node.id": "1",
    "process.roles": "broker,controller",
    "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
    "controller.listener.names": "CONTROLLER",
    "controller.quorum.voters": "1@localhost:9093",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
}


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
    image = f"apache/kafka:{_kafka_version()}"
    _require_image(image)
    from testcontainers.core.container import DockerContainer

    port = free_port()
    advertised = {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}"}
    container = DockerContainer(image).with_bind_ports(9092, port)
    for name, value in (CONTAINER_SETTINGS | advertised | dict(settings)).items():
        container.with_env(f"KAFKA_{name.upper().replace('.', '_')}", value)
    with container:
        _wait_for_metadata(port)
        yield ChosenBroker(f"127.0.0.1:{port}", f"a container of {image}", is_apache=True)


def _kafka_version() -> str:
    """The one of the jars, so that containers and jars are the same Kafka."""
    pom = (workspace_root() / "deploy" / "kafka" / "pom.xml").read_text()
    found = re.search(r"<kafka\.version>(.+?)</kafka\.version>", pom)
    if found is None:
        raise _NotChosen("deploy/kafka/pom.xml names no version")
    return found.group(1)


def _require_image(image: str) -> None:
    """A machine without an engine must not wait: the first question has two seconds, only a download may take long."""
    try:
        import docker  # type: ignore[import-untyped, unused-ignore]

        docker.from_env(timeout=ENGINE_ANSWER_SECONDS).ping()
    except Exception as error:
        raise _NotChosen("no container engine answers") from error
    engine = docker.from_env(timeout=PULL_SECONDS)
    try:
        engine.images.get(image)
    except docker.errors.ImageNotFound:
        _pull(engine, image)


def _pull(engine: Any, image: str) -> None:
    try:
        engine.images.pull(image)
    except Exception as error:
        raise _NotChosen(f"the image {image} cannot be pulled") from error


def _wait_for_metadata(port: int) -> None:
    deadline = time.monotonic() + CONTAINER_SECONDS
    while not answers_metadata("127.0.0.1", port):
        if time.monotonic() > deadline:
            raise _NotChosen(f"the container did not serve in {CONTAINER_SECONDS} s")
        time.sleep(0.1)


@contextmanager
def _own_jars(directory: Path, settings: Mapping[str, str]) -> Iterator[ChosenBroker]:
    broker = ApacheKafka(directory, free_port(), settings=settings)
    _start(broker)
    try:
        description = f"Apache Kafka {_kafka_version()} from its jars"
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
