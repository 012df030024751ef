"""Apache Kafka in a container, for tests on a machine with a container engine."""

import time
from collections.abc import Mapping

import docker  # type: ignore[import-untyped]
from testcontainers.core.container import DockerContainer

from maillage.embedded.kafka import answers_metadata
from maillage.embedded.kafka_jars import KafkaUnavailable

ENGINE_ANSWER_SECONDS = 2
PULL_SECONDS = 300
READY_SECONDS = 60
SETTINGS = {
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


def start_container(image: str, port: int, settings: Mapping[str, str]) -> DockerContainer:
    """Serving when it returns; `settings` win over ours. Raises KafkaUnavailable."""
    _require_image(image)
    advertised = {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}"}
    container = DockerContainer(image).with_bind_ports(9092, port)
    for name, value in (SETTINGS | advertised | dict(settings)).items():
        container.with_env(f"KAFKA_{name.upper().replace('.', '_')}", value)
    try:
        container.start()
        _wait_until_ready(port)
    except Exception as error:
        container.stop()
        raise KafkaUnavailable(f"the container of {image} did not start: {error}") from error
    return container


def _require_image(image: str) -> None:
    """A machine without an engine must not wait: the first question has two seconds, only a download may take long."""
    try:
        docker.from_env(timeout=ENGINE_ANSWER_SECONDS).ping()
    except Exception as error:
        raise KafkaUnavailable("no container engine answers") from error
    engine = docker.from_env(timeout=PULL_SECONDS)
    try:
        if not engine.images.list(name=image):
            engine.images.pull(image)
    except Exception as error:
        raise KafkaUnavailable(f"the image {image} cannot be pulled") from error


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers_metadata("127.0.0.1", port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not serve in {READY_SECONDS} s")
        time.sleep(0.1)
