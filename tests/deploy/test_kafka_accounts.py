"""The accounts of the example on Apache Kafka itself, with its authorizer: enough for all that is done, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.admin import CreateAclsRequest

from common import kafka
from common.broker_access import BrokerAccess
from contracts.topics import TOPICS
from maillage.embedded.broker_choice import TEST_SETTINGS
from maillage.embedded.kafka import ApacheKafka
from maillage.embedded.kafka_jars import KafkaUnavailable
from maillage.embedded.ports import free_port
from tests.deploy.kafka_topics import ACCOUNTS, grants_of

pytestmark = pytest.mark.xdist_group("kafka")

PASSWORD = "three-words-and-7"
SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
KIND = {"topic": 2, "group": 3}
OPERATION = {"Read": 3, "Write": 4, "Describe": 8, "DescribeConfigs": 10}
LITERAL, ALLOW = 3, 3
SETTINGS = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config": SCRAM_MODULE,
}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A broker that asks who somebody is and what he may do: the operator's address, and the one for everybody."""
    port = free_port()
    started = ApacheKafka(
        tmp_path_factory.mktemp("guarded-kafka"),
        free_port(),
        settings={**TEST_SETTINGS, **SETTINGS},
        accounts=dict.fromkeys(ACCOUNTS, PASSWORD),
        listeners={"SASL_PLAINTEXT": port},
    )
    try:
        started.start()
    except KafkaUnavailable as reason:
        pytest.skip(f"Apache Kafka: {reason}")
    asyncio.run(grant_all(started.bootstrap_servers))
    yield started.bootstrap_servers, f"127.0.0.1:{port}"
    started.stop()


async def grant_all(address: str) -> None:
    """Make the topics and give every account what the example says, as Strimzi's operators do."""
    access = BrokerAccess(address)
    await kafka.ensure_topics(kafka.TopicSettings(access, 1, 1), TOPICS)
    admin: Any = AIOKafkaAdminClient(**access.client_options())
    await admin.start()
    try:
        for account in ACCOUNTS:
            for grant in grants_of(account):
                resource: Any = grant["resource"]
                for operation in list(grant["operations"]):  # type: ignore[call-overload]
                    answer = await admin._send_to_controller(
                        CreateAclsRequest(
                            KIND[resource["type"]], resource["name"], LITERAL, f"User:{account}", "*",
                            OPERATION[operation], ALLOW,
                        )
                    )  # fmt: skip
                    assert [code for code, _ in answer.creation_responses] == [0], answer
    finally:
        await admin.close()


def access_of(broker: tuple[str, str], account: str, tmp_path: Path) -> BrokerAccess:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    return BrokerAccess(broker[1], "SASL_PLAINTEXT", username=account, password_file=str(password))


async def may_write(access: BrokerAccess, topic: str) -> bool:
    """Whether an idempotent producer like the relay's gets a record in; a tombstone of a key that nobody has."""
    producer = AIOKafkaProducer(**access.client_options(), acks="all", enable_idempotence=True)
    try:
        await producer.start()
        await asyncio.wait_for(producer.send_and_wait(topic, None, key=b"probe"), timeout=20)
    except (TopicAuthorizationFailedError, ClusterAuthorizationFailedError):
        return False  # Who may write to no topic at all may not even begin.
    finally:
        await producer.stop()
    return True


async def may_read(access: BrokerAccess, topic: str, group: str | None) -> bool:
    """Whether a consumer gets at the records of a topic, and where it names a group, commits in it."""
    consumer = AIOKafkaConsumer(**access.client_options(), group_id=group, enable_auto_commit=False)
    await consumer.start()
    part = TopicPartition(topic, 0)
    try:
        consumer.assign([part])
        await consumer.seek_to_beginning(part)
        await asyncio.wait_for(consumer.getone(), timeout=10)
        if group is not None:
            await consumer.commit({part: 0})
    except (TopicAuthorizationFailedError, GroupAuthorizationFailedError):
        return False
    finally:
        await consumer.stop()
    return True


def read_by(account: str, kind: str, operation: str) -> list[str]:
    """Names in the grants of an account."""
    grants: list[dict[str, Any]] = grants_of(account)
    return [
        grant["resource"]["name"]
        for grant in grants
        if grant["resource"]["type"] == kind and operation in grant["operations"]
    ]


async def test_accounts_do_their_work_and_nothing_else(broker: tuple[str, str], tmp_path: Path) -> None:
    for topic in TOPICS:
        assert await may_write(BrokerAccess(broker[0]), topic), "there is something to read"
    for account in ("finance", "portal"):
        access = access_of(broker, account, tmp_path)
        for topic in TOPICS:
            assert await may_write(access, topic) is (topic in read_by(account, "topic", "Write")), (account, topic)
        groups = read_by(account, "group", "Read")
        group = groups[0] if groups else None
        for topic in TOPICS:
            expected = topic in read_by(account, "topic", "Read")
            assert await may_read(access, topic, group) is expected, (account, topic)
        assert not await may_read(access, "activities.bookings", "staffing.coverage"), "a group of somebody else"


async def test_a_process_finds_its_topics_there(broker: tuple[str, str], tmp_path: Path) -> None:
    for account in ACCOUNTS:
        access = access_of(broker, account, tmp_path)
        await kafka.ensure_topics(kafka.TopicSettings(access, 1, 1), TOPICS)
