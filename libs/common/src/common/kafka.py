"""Topics, and what a record says on the wire (CloudEvents 1.0, Kafka binary binding)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from common.broker_access import BrokerAccess
from contracts.event import Envelope
from contracts.topics import TOPICS

Headers = Sequence[tuple[str, bytes]]
RETENTION_MS = 7 * 24 * 3600 * 1000


class UndecodableRecord(Exception):
    """A record whose headers do not say what it is."""


@dataclass(frozen=True)
class TopicSettings:
    """How topics are made where the platform makes them itself."""

    access: BrokerAccess
    partitions: int
    replicas: int


async def is_reachable(settings: TopicSettings) -> bool:
    """True when one of the servers takes a connection within a second."""
    for server in settings.access.servers:
        host, _, port = server.rpartition(":")
        try:
            _reader, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), timeout=1)
        except OSError:
            continue
        writer.close()
        return True
    return False


async def ensure_topics(settings: TopicSettings, names: Iterable[str]) -> None:
    """Create the topics that are missing; leave the others as they are. Raises KafkaError when no broker answers."""
    admin = AIOKafkaAdminClient(**settings.access.client_options(), request_timeout_ms=10_000)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [name for name in names if name not in present]
        if not missing:
            return
        response = await admin.create_topics([_new_topic(name, settings) for name in missing])
        for topic_error in response.topic_errors:
            error = for_code(topic_error[1])
            if topic_error[1] != 0 and error is not TopicAlreadyExistsError:
                raise error(topic_error[0])
    finally:
        await admin.close()


def _new_topic(name: str, settings: TopicSettings) -> NewTopic:
    compacted = TOPICS[name].compacted
    configs = {"cleanup.policy": "compact"} if compacted else {"retention.ms": str(RETENTION_MS)}
    return NewTopic(name, settings.partitions, settings.replicas, topic_configs=configs)


def encode_headers(envelope: Envelope) -> list[tuple[str, bytes]]:
    """The envelope as record headers."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(envelope.id).encode()),
        ("ce_type", envelope.type.encode()),
        ("ce_source", envelope.source.encode()),
        ("ce_time", envelope.time.isoformat().encode()),
        ("ce_subject", envelope.subject.encode()),
        ("ce_organisation", str(envelope.organisation).encode()),
        ("content-type", b"application/json"),
    ]
    if envelope.traceparent:
        headers.append(("traceparent", envelope.traceparent.encode()))
    return headers


def decode_headers(headers: Headers) -> Envelope:
    """The envelope of a record. Raises UndecodableRecord when an attribute is missing or unreadable."""
    try:
        values = {name: value.decode() for name, value in headers if name.startswith("ce_") or name == "traceparent"}
        return Envelope(
            id=UUID(values["ce_id"]),
            type=values["ce_type"],
            source=values["ce_source"],
            time=datetime.fromisoformat(values["ce_time"]),
            subject=values["ce_subject"],
            organisation=UUID(values["ce_organisation"]),
            traceparent=values.get("traceparent"),
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise UndecodableRecord(f"headers cannot be read: {error}") from error
