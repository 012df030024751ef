"""Kafka: reachable, the topics as declared, the consumer groups alive and moving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from common.broker_access import BrokerAccess
from common.reactions import Reaction
from maillage.declared_topics import DeclaredTopic
from maillage.doctor.findings import Finding, failed, ok, told
from maillage.doctor.platform import Platform

PATIENCE_MILLISECONDS = 5_000
MOVE_SECONDS = 3.0
HOUR_MILLISECONDS = 3_600_000


@asynccontextmanager
async def _admin(access: BrokerAccess) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**access.client_options(), request_timeout_ms=PATIENCE_MILLISECONDS)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


def _brokers(platform: Platform) -> list[BrokerAccess]:
    """Each way to the brokers once: services may have accounts of their own."""
    return list(dict.fromkeys(settings.broker_access for settings in platform.settings.values()))


def _described(access: BrokerAccess) -> str:
    account = f" as {access.username}" if access.is_signed_in else ""
    return f"Kafka at {access.bootstrap_servers}{account}"


async def check_reachable(platform: Platform) -> list[Finding]:
    """Each broker address answers with the members of its cluster."""
    findings = []
    for access in _brokers(platform):
        try:
            async with _admin(access) as admin:
                count = len((await admin.describe_cluster())["brokers"])
        except (KafkaError, OSError, ValueError) as error:
            findings.append(failed(f"{_described(access)} does not answer: {told(error)}."))
        else:
            findings.append(ok(f"{_described(access)} answers, {count} broker(s)."))
    return findings


async def check_topics(platform: Platform) -> list[Finding]:
    """Every declared topic is there, with its partitions, replicas, retention and cleanup."""
    faults = []
    for access in _brokers(platform):
        async with _admin(access) as admin:
            count = len((await admin.describe_cluster())["brokers"])
            described = {topic["topic"]: topic for topic in await admin.describe_topics(list(platform.topics))}
            present = [name for name in platform.topics if described.get(name, {}).get("partitions")]
            configs = await _configs(admin, present)
        for name, declared in platform.topics.items():
            if name not in present:
                faults.append(f"The topic {name} is not there.")
            else:
                faults += _differences(name, declared, count, described[name]["partitions"], configs.get(name, {}))
    return [failed(fault) for fault in faults] or [ok(f"{len(platform.topics)} topics are as declared.")]


async def _configs(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    responses = await admin.describe_configs(resources) if resources else []
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for response in responses
        for resource in response.resources
    }


def _differences(
    name: str, declared: DeclaredTopic, brokers: int, partitions: list[Any], configs: Mapping[str, str]
) -> list[str]:
    """Replicas count up to the number of brokers: a single one holds one copy, however many are wished for."""
    faults = []
    if len(partitions) != declared.partitions:
        faults.append(f"The topic {name} has {len(partitions)} partitions; {declared.partitions} are declared.")
    replicas = min(len(partition["replicas"]) for partition in partitions)
    if replicas < min(declared.replicas, brokers):
        faults.append(f"The topic {name} has {replicas} replica(s); {declared.replicas} are declared.")
    cleanup = configs.get("cleanup.policy", "delete")
    if cleanup != declared.cleanup:
        faults.append(f"The topic {name} is cleaned by {cleanup}; {declared.cleanup} is declared.")
    kept = int(configs.get("retention.ms") or -1)
    if declared.retention_hours and 0 <= kept < declared.retention_hours * HOUR_MILLISECONDS:
        faults.append(f"The topic {name} keeps {kept // HOUR_MILLISECONDS} h; {declared.retention_hours} are declared.")
    return faults


async def check_progress(platform: Platform) -> list[Finding]:
    """Every consumer group has read all there is, or moves on while we watch."""
    groups = [
        (settings.broker_access, reaction)
        for service, settings in platform.settings.items()
        for reaction in import_module(f"{service}.run_consumer").REACTIONS
    ]
    return list(await asyncio.gather(*(_check_group(access, reaction) for access, reaction in groups)))


async def _check_group(access: BrokerAccess, reaction: Reaction) -> Finding:
    async with _admin(access) as admin:
        members = await _count_members(admin, reaction.group)
        described = await admin.describe_topics(reaction.topics)
    if members == 0:
        return failed(f"Nobody reads for the group {reaction.group}: its consumer does not run.")
    parts = [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in described
        for partition in topic["partitions"]
    ]
    async with _onlooker(access, reaction.group, parts) as onlooker:
        before = await _committed(onlooker, parts)
        ends = await onlooker.end_offsets(parts)
        lag = sum(max(0, ends[part] - before[part]) for part in parts)
        if lag == 0:
            return ok(f"The group {reaction.group} has read all {sum(ends.values())} events.")
        await asyncio.sleep(MOVE_SECONDS)
        after = await _committed(onlooker, parts)
    if sum(after.values()) > sum(before.values()):
        return ok(f"The group {reaction.group} is {lag} events behind and moves on.")
    return failed(f"The group {reaction.group} is {lag} events behind and has not moved for {MOVE_SECONDS:.0f} s.")


async def _count_members(admin: AIOKafkaAdminClient, group: str) -> int:
    """Members of a consumer group now."""
    [response] = await admin.describe_consumer_groups([group])
    return sum(len(described[5]) for described in response.groups)


@asynccontextmanager
async def _onlooker(access: BrokerAccess, group: str, parts: list[TopicPartition]) -> AsyncIterator[AIOKafkaConsumer]:
    """Sees the offsets of a group without joining it."""
    consumer = AIOKafkaConsumer(
        **access.client_options(),
        group_id=group,
        enable_auto_commit=False,
        request_timeout_ms=PATIENCE_MILLISECONDS,
    )
    await consumer.start()
    try:
        consumer.assign(parts)
        yield consumer
    finally:
        await consumer.stop()


async def _committed(consumer: AIOKafkaConsumer, parts: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    return {part: await consumer.committed(part) or 0 for part in parts}
