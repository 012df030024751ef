"""The topics as a cluster should have them: `python -m maillage.declared_topics` writes deploy/topics.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from common.settings import ServiceSettings
from contracts.topics import TOPICS
from maillage.places import NotACheckout, workspace_root

HEAD = """\
# The Kafka topics as a cluster should have them; `maillage doctor` compares. `make docs` writes this file from the
# contracts. Never change the number of partitions of a topic that carries events: the partition follows from the key.
# Replicas count up to the number of brokers; with three, set min.insync.replicas to 2 on the brokers.
"""


class DeclaredTopic(BaseModel):
    """A topic as `deploy/topics.yaml` wants it; `retention_hours` is None where the topic is compacted."""

    model_config = ConfigDict(extra="forbid")

    partitions: int
    replicas: int
    cleanup: str
    retention_hours: int | None = None


def read_topics(path: Path | None = None) -> dict[str, DeclaredTopic]:
    """Topics by name; an installed package without the file takes what the contracts say."""
    try:
        declared = yaml.safe_load((path or _file()).read_text())
    except NotACheckout:
        return topics_of_the_contracts()
    return {name: DeclaredTopic.model_validate(topic) for name, topic in declared["topics"].items()}


def topics_of_the_contracts() -> dict[str, DeclaredTopic]:
    """What a cluster should have: three replicas, eight partitions, a week of retention or the last state of all."""
    defaults = ServiceSettings.model_fields["kafka_topic_partitions"].default
    return {
        name: DeclaredTopic(
            partitions=defaults,
            replicas=3,
            cleanup="compact" if topic.compacted else "delete",
            retention_hours=None if topic.compacted else 7 * 24,
        )
        for name, topic in sorted(TOPICS.items())
    }


def write_topics() -> None:
    """Make the file what the contracts say."""
    topics = {name: topic.model_dump(exclude_none=True) for name, topic in topics_of_the_contracts().items()}
    _file().write_text(HEAD + yaml.safe_dump({"topics": topics}, sort_keys=False))


def _file() -> Path:
    return workspace_root() / "deploy" / "topics.yaml"


if __name__ == "__main__":
    write_topics()
