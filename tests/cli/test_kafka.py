import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from maillage.embedded.broker_choice import TEST_SETTINGS, ChosenBroker, choose_broker
from maillage.embedded.kafka import ApacheKafka, Broker, MeshBroker
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.ports import free_port

TOPIC = "facts"


@pytest.fixture
def apache_kafka(tmp_path: Path) -> Iterator[ApacheKafka]:
    broker = ApacheKafka(tmp_path, free_port(), settings=TEST_SETTINGS)
    try:
        broker.start()
    except KafkaUnavailable as reason:
        pytest.skip(f"Apache Kafka: {reason}")
    yield broker
    broker.stop()


async def create_topic(broker: Broker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, num_partitions=2, replication_factor=1)])
    await admin.close()


async def produce(broker: Broker, value: bytes) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap_servers, enable_idempotence=broker.is_apache, acks="all"
    ) as producer:
        await producer.send_and_wait(TOPIC, value, key=b"key")


async def consume(broker: Broker, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=broker.bootstrap_servers,
        group_id="readers",
        auto_offset_reset="earliest",
        session_timeout_ms=2000,
        heartbeat_interval_ms=500,
    ) as consumer:
        messages = [await asyncio.wait_for(consumer.getone(), 20) for _ in range(count)]
        await consumer.commit()
        return [message.value for message in messages]


def test_mesh_broker_carries_messages_and_forgets_them(tmp_path: Path) -> None:
    broker = MeshBroker(tmp_path, free_port())
    broker.start()
    try:
        for _ in range(2):
            asyncio.run(create_topic(broker))
            asyncio.run(produce(broker, b"first"))
            assert asyncio.run(consume(broker, 1)) == [b"first"]
            broker.kill()
            broker.start()
    finally:
        broker.stop()


def test_apache_kafka_keeps_messages_and_offsets_over_a_kill(apache_kafka: ApacheKafka) -> None:
    asyncio.run(create_topic(apache_kafka))
    asyncio.run(produce(apache_kafka, b"first"))
    assert asyncio.run(consume(apache_kafka, 1)) == [b"first"]

    apache_kafka.kill()
    apache_kafka.start()

    asyncio.run(produce(apache_kafka, b"second"))
    assert asyncio.run(consume(apache_kafka, 1)) == [b"second"], "the committed offset is kept"


def test_a_broker_named_by_the_environment_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker.example:9092")
    with choose_broker(tmp_path) as chosen:
        assert chosen.bootstrap_servers == "broker.example:9092"
        assert chosen.process is None


def choose_without_java_and_engine(directory: Path, say: Callable[[str], None]) -> ChosenBroker:
    with choose_broker(directory, say=say) as chosen:
        return chosen


def test_the_embedded_broker_is_taken_last_and_the_reasons_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setattr("maillage.embedded.kafka.resolve_jars", refuse_jars)
    said: list[str] = []
    chosen = choose_without_java_and_engine(tmp_path, said.append)
    assert not chosen.is_apache
    assert "no container engine answers" in said[0]
    assert "no mvn" in said[0]


def refuse_jars(_pom: Path, _libraries: Path) -> Path:
    raise KafkaUnavailable("no mvn on the path to fetch its jars")
