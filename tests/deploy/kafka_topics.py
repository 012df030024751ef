"""Writes the example of topics and accounts by Strimzi from `deploy/topics.yaml` and the consumers of the services.

`python -m tests.deploy.kafka_topics`
"""

from __future__ import annotations

from importlib import import_module

import yaml

from maillage.stack_options import SERVICES
from portal import live
from tests.architecture.source_tree import ROOT

PATH = ROOT / "deploy" / "examples" / "kafka-strimzi.yaml"
DECLARED = ROOT / "deploy" / "topics.yaml"
CLUSTER = "maillage-kafka"
HEADER = """\
# A Kafka of three brokers by Strimzi (kafka.strimzi.io/v1), encrypted, with an account for each service and the portal.
# The topics are those of deploy/topics.yaml. Each account writes the topics of its service and reads those that its
# consumers handle, in their groups. Of the others it sees names and settings, never events.
# `make docs` writes this file from the code, and a test compares.
# In the values of the chart, in the same namespace:
#   kafka:
#     bootstrapServers: maillage-kafka-kafka-bootstrap:9093
#     securityProtocol: SASL_SSL
#     authority: { existingSecret: maillage-kafka-cluster-ca-cert }
#   services:
#     finance: { kafkaUser: { existingSecret: maillage-finance } }     # and so on
#   portal: { kafkaUser: { existingSecret: maillage-portal } }
"""
API = "kafka.strimzi.io/v1"
ACCOUNTS = (*SERVICES, "portal")


def manifests() -> list[dict[str, object]]:
    """The cluster, its nodes, an account for each process that meets Kafka, and a topic for each that is declared."""
    declared = yaml.safe_load(DECLARED.read_text())["topics"]
    return [
        _cluster(),
        _nodes(),
        *map(_user, ACCOUNTS),
        *(_topic(name, topic) for name, topic in sorted(declared.items())),
    ]


def _cluster() -> dict[str, object]:
    listener: dict[str, object] = {"name": "tls", "port": 9093, "type": "internal", "tls": True}
    listener["authentication"] = {"type": "scram-sha-512"}
    config = {
        "auto.create.topics.enable": False,
        "default.replication.factor": 3,
        "min.insync.replicas": 2,
        "offsets.topic.replication.factor": 3,
        "transaction.state.log.replication.factor": 3,
        "transaction.state.log.min.isr": 2,
    }
    spec = {
        "kafka": {"listeners": [listener], "authorization": {"type": "simple"}, "config": config},
        "entityOperator": {"topicOperator": {}, "userOperator": {}},
    }
    return {"apiVersion": API, "kind": "Kafka", "metadata": {"name": CLUSTER}, "spec": spec}


def _nodes() -> dict[str, object]:
    volume = {"id": 0, "type": "persistent-claim", "size": "20Gi", "kraftMetadata": "shared"}
    spec = {"replicas": 3, "roles": ["controller", "broker"], "storage": {"type": "jbod", "volumes": [volume]}}
    metadata = {"name": "brokers", "labels": {"strimzi.io/cluster": CLUSTER}}
    return {"apiVersion": API, "kind": "KafkaNodePool", "metadata": metadata, "spec": spec}


def _user(service: str) -> dict[str, object]:
    """Strimzi draws the password into a Secret of the same name."""
    metadata = {"name": f"maillage-{service}", "labels": {"strimzi.io/cluster": CLUSTER}}
    spec = {
        "authentication": {"type": "scram-sha-512"},
        "authorization": {"type": "simple", "acls": grants_of(service)},
    }
    return {"apiVersion": API, "kind": "KafkaUser", "metadata": metadata, "spec": spec}


def grants_of(service: str) -> list[dict[str, object]]:
    """What the account of a service or the portal may do: to topics by name, in its consumer groups, nothing else."""
    declared = yaml.safe_load(DECLARED.read_text())["topics"]
    written = [name for name in sorted(declared) if name.startswith(f"{service}.")]
    reactions = [] if service == "portal" else import_module(f"{service}.run_consumer").REACTIONS
    read = set(live.TOPICS) if service == "portal" else {topic for one in reactions for topic in one.topics}
    return [
        _grant("topic", "*", "Describe", "DescribeConfigs"),
        *(_grant("topic", name, "Write") for name in written),
        *(_grant("topic", name, "Read") for name in sorted(read)),
        *(_grant("group", one.group, "Read") for one in sorted(reactions, key=lambda reaction: str(reaction.group))),
    ]


def _grant(kind: str, name: str, *operations: str) -> dict[str, object]:
    return {"resource": {"type": kind, "name": name, "patternType": "literal"}, "operations": list(operations)}


def _topic(name: str, declared: dict[str, object]) -> dict[str, object]:
    """Kubernetes allows no underscore in names; Kafka does."""
    config: dict[str, object] = {"cleanup.policy": declared["cleanup"]}
    if "retention_hours" in declared:
        config["retention.ms"] = int(str(declared["retention_hours"])) * 3_600_000
    metadata = {"name": name.replace("_", "-"), "labels": {"strimzi.io/cluster": CLUSTER}}
    spec = {"topicName": name, "partitions": declared["partitions"], "replicas": declared["replicas"], "config": config}
    return {"apiVersion": API, "kind": "KafkaTopic", "metadata": metadata, "spec": spec}


def main() -> None:
    PATH.write_text(HEADER + "---\n".join(yaml.safe_dump(item, sort_keys=False) for item in manifests()))


if __name__ == "__main__":
    main()
