"""Kafka behind encryption, passwords and certificates: Apache Kafka itself, as an operator would set it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from activities.settings import Settings
from common.broker_access import BrokerAccess
from common.ids import new_id
from common.settings import ServiceSettings
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import State
from maillage.doctor.platform import platform_of
from maillage.doctor.report import examine
from maillage.embedded.broker_choice import TEST_SETTINGS
from maillage.embedded.kafka import ApacheKafka
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.ports import free_port
from portal.live import LiveSessions
from tests.common.mechanism import Mechanism, event_class_of, make_topic, producing, until
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.xdist_group("kafka")

USER, PASSWORD = "finance", "three-words-and-7"
SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


@dataclass(frozen=True)
class Secured:
    """One broker, and the ways to it."""

    plain: str
    by_password: BrokerAccess
    by_certificate: BrokerAccess


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker with three listeners: plain for the tests, SCRAM-SHA-512 over TLS, and certificates on both sides."""
    directory = tmp_path_factory.mktemp("secured-kafka")
    server, server_key = make_certificate(directory / "server", 30)
    client, client_key = make_certificate(directory / "client", 30, name=USER)
    (directory / "server.pem").write_bytes(server_key.read_bytes() + server.read_bytes())
    ports = {"SASL_SSL": free_port(), "SSL": free_port()}
    settings = {
        "ssl.keystore.type": "PEM", "ssl.keystore.location": str(directory / "server.pem"),
        "ssl.truststore.type": "PEM", "ssl.truststore.location": str(client),
        "listener.name.ssl.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": SCRAM_MODULE,
    }  # fmt: skip
    broker = ApacheKafka(
        directory, free_port(), settings={**TEST_SETTINGS, **settings}, accounts={USER: PASSWORD}, listeners=ports
    )
    try:
        broker.start()
    except KafkaUnavailable as reason:
        pytest.skip(f"Apache Kafka: {reason}")
    password_file = directory / "password"
    password_file.write_text(PASSWORD + "\n")
    yield Secured(
        broker.bootstrap_servers,
        BrokerAccess(
            f"127.0.0.1:{ports['SASL_SSL']}",
            "SASL_SSL",
            username=USER,
            password_file=str(password_file),
            ca_file=str(server),
        ),
        BrokerAccess(
            f"127.0.0.1:{ports['SSL']}",
            "SSL",
            ca_file=str(server),
            certificate_file=str(client),
            key_file=str(client_key),
        ),
    )
    broker.stop()


async def cluster_of(access: BrokerAccess) -> int:
    """How many brokers answer; raises what a client of ours meets."""
    admin = AIOKafkaAdminClient(**access.client_options(), request_timeout_ms=5_000)
    await admin.start()
    try:
        return len((await admin.describe_cluster())["brokers"])
    finally:
        await admin.close()


@pytest.mark.parametrize("way", ["by_password", "by_certificate"])
async def test_an_event_travels_from_outbox_to_handler(
    way: str, secured: Secured, mechanism_database: Mechanism
) -> None:
    topic = f"{mechanism_database.service}.counters_{secrets.token_hex(4)}"
    await mechanism_database.execute("truncate outbox_events")
    await make_topic(secured.plain, topic)
    access: BrokerAccess = getattr(secured, way)
    mechanism = replace(
        mechanism_database,
        bootstrap_servers=secured.plain, topic=topic, event_class=event_class_of(topic), secured=access,
    )  # fmt: skip
    reaction, counter_id = mechanism.reaction(), new_id()
    async with mechanism.running_relay(), mechanism.running_consumer(reaction):
        await mechanism.move(counter_id)
        await mechanism.move(counter_id)
        await until(lambda: saw(mechanism, reaction.group, counter_id, [1, 2]))


async def saw(mechanism: Mechanism, group: str, counter_id: UUID, expected: list[int]) -> bool:
    return await mechanism.effects(group, counter_id) == expected


async def test_whoever_cannot_show_it_is_refused(secured: Secured, tmp_path: Path) -> None:
    other, other_key = make_certificate(tmp_path, 30)
    assert await cluster_of(secured.by_password) == await cluster_of(secured.by_certificate) == 1
    refused = [
        replace(secured.by_password, password_file="", password="wrong"),
        replace(secured.by_password, username="stranger"),
        replace(secured.by_password, ca_file=str(other)),
        replace(secured.by_password, security_protocol="PLAINTEXT"),
        replace(secured.by_certificate, certificate_file="", key_file=""),
        replace(secured.by_certificate, certificate_file=str(other), key_file=str(other_key)),
        replace(secured.by_certificate, ca_file=""),
    ]
    for access in refused:
        with pytest.raises((KafkaError, OSError, TimeoutError)):
            await asyncio.wait_for(cluster_of(access), 20)


async def test_a_password_that_was_exchanged_counts_from_the_next_connection_on(
    secured: Secured, tmp_path: Path
) -> None:
    path = tmp_path / "password"
    path.write_text("the old one")
    access = replace(secured.by_password, password_file=str(path))
    with pytest.raises(KafkaError):
        await cluster_of(access)
    path.write_text(PASSWORD)
    assert await cluster_of(access) == 1


async def test_open_pages_follow_over_a_secured_way(secured: Secured) -> None:
    sessions, stop, session_id = LiveSessions(), asyncio.Event(), str(new_id())
    for topic in ("activities.bookings", "activities.sessions"):
        await make_topic(secured.plain, topic)
    following = asyncio.create_task(sessions.follow(secured.by_password, stop))
    async with sessions.followed([session_id]) as changes, producing(secured.plain) as producer:

        async def is_told() -> bool:
            await producer.send_and_wait("activities.bookings", f'{{"session_id": "{session_id}"}}'.encode())
            return not changes.empty()

        await until(is_told)
    stop.set()
    await following


async def test_the_doctor_says_whether_it_is_let_in(secured: Secured) -> None:
    access = secured.by_password
    environment = {
        "ACTIVITIES_KAFKA_BOOTSTRAP_SERVERS": access.bootstrap_servers,
        "ACTIVITIES_KAFKA_SECURITY_PROTOCOL": access.security_protocol,
        "ACTIVITIES_KAFKA_USERNAME": access.username,
        "ACTIVITIES_KAFKA_PASSWORD_FILE": access.password_file,
        "ACTIVITIES_KAFKA_CA_FILE": access.ca_file,
    }
    assert await finding("kafka-reachable", environment) == (
        State.ok,
        f"Kafka at {access.bootstrap_servers} as {USER} answers, 1 broker(s).",
    )
    state, sentence = await finding("kafka-reachable", environment | {"ACTIVITIES_KAFKA_USERNAME": "stranger"})
    assert state is State.failed
    assert "does not answer" in sentence
    state, sentence = await finding("certificates", environment)
    assert f"The certificate of kafka at {access.bootstrap_servers} is good until" in sentence
    state, sentence = await finding("configuration", environment | {"ACTIVITIES_KAFKA_PASSWORD_FILE": ""})
    assert state is State.failed
    assert "SASL_SSL needs KAFKA_USERNAME, and KAFKA_PASSWORD or its file" in sentence


async def finding(check_id: str, environment: dict[str, str]) -> tuple[State, str]:
    """State and first sentence about Kafka of one check."""
    check = next(check for check in CHECKS if check.id == check_id)
    [examined] = await examine(platform_of({"activities": environment}), [check])
    sentences = [finding.sentence for finding in examined.findings]
    return examined.state, next((sentence for sentence in sentences if "afka" in sentence.lower()), str(sentences))


@pytest.mark.parametrize(
    "given",
    [
        {"kafka_security_protocol": "SASL_SSL"},
        {"kafka_security_protocol": "SASL_SSL", "kafka_username": "finance"},
        {"kafka_security_protocol": "SSL", "kafka_certificate_file": "/user.crt"},
        {"kafka_security_protocol": "ENCRYPTED"},
    ],
)
def test_half_a_way_is_refused_at_the_start(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings.model_validate(given)


def test_no_password_is_shown() -> None:
    settings = Settings.model_validate(
        {"kafka_security_protocol": "SASL_SSL", "kafka_username": USER, "kafka_password": PASSWORD}
    )
    assert PASSWORD not in repr(settings) + repr(settings.broker_access)
