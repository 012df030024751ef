"""Renders the chart as Helm does, over a matrix of values."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import helm_python
import yaml

from tests.architecture.source_tree import ROOT

Object = dict[str, Any]
Values = dict[str, Any]

CHART = ROOT / "deploy" / "helm" / "maillage"
EXAMPLES = CHART / "examples"
SERVICES = ("activities", "staffing", "finance", "partners", "notifications")
DIGEST = "sha256:" + "0123456789abcdef" * 4

helm_python.disable_logging()

NEEDED: Values = {
    "publicUrls": ["https://maillage.example.org"],
    "signIn": {"issuer": "https://sign-in.example.org"},
    "kafka": {"bootstrapServers": "kafka:9092"},
    "mail": {"host": "smtp.example.org", "from": "Maillage <no-reply@example.org>"},
}
EVERYTHING: Values = {
    "commonLabels": {"cost-centre": "office"},
    "image": {"registry": "registry.example.org", "pullSecrets": ["puller"]},
    "signIn": {"existingSecret": {"name": "portal-client"}, "keysUrl": "https://sign-in.example.org/keys"},
    "mail": {"existingSecret": {"name": "mail-account"}},
    "kafka": {
        "securityProtocol": "SASL_SSL",
        "authority": {"existingSecret": "kafka-authority"},
        "user": {"existingSecret": "kafka-user", "name": "maillage"},
    },
    "backup": {"enabled": True, "existingClaim": "backups"},
    "erasures": {"existingClaim": "journal"},
    "defaults": {
        "api": {"autoscaling": {"enabled": True}},
        "consumer": {"keda": {"enabled": True}},
        "worker": {"autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 3,
                                   "targetCPUUtilizationPercentage": 80}},
        "relay": {"replicas": 2},
    },
    "services": {"finance": {"image": {"digest": DIGEST}, "kafkaUser": {"existingSecret": "finance-at-kafka"}},
                 "partners": {"kafkaUser": {"name": "partners-at-kafka"}}},
    "doctor": {"beforeUpgrade": True},
    "monitoring": {
        "serviceMonitors": {"enabled": True},
        "prometheusRule": {"enabled": True},
        "dashboards": {"enabled": True},
        "tracesEndpoint": "http://collector:4318",
    },
    "networkPolicies": {
        "metricsFrom": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}],
        "entranceFrom": [{"namespaceSelector": {"matchLabels": {"name": "entrance"}}}],
    },
    "httpRoute": {"enabled": True, "parentRefs": [{"name": "gateway"}], "hostnames": ["maillage.example.org"]},
    "ingress": {"enabled": True, "hosts": ["maillage.example.org"], "className": "any",
                "tls": [{"secretName": "maillage-tls", "hosts": ["maillage.example.org"]}]},
    "extraObjects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own-{{ .Release.Name }}"}}],
}  # fmt: skip
SCENARIOS: dict[str, Values] = {
    "defaults": {},
    "everything": EVERYTHING,
    "certificates at Kafka": {
        "kafka": {"securityProtocol": "SSL", "authority": {"existingSecret": "kafka-authority"},
                  "user": {"existingSecret": "kafka-user"}},
        "defaults": {"consumer": {"keda": {"enabled": True}}},
    },
    "job": {"migrations": {"mode": "job"}, "doctor": {"test": False}},
    "external": {"migrations": {"mode": "external"}, "networkPolicies": {"enabled": False}},
    "consumers on the processor": {"defaults": {"consumer": {"autoscaling": {"enabled": True}}}},
    "openshift": {"defaults": {"process": {"podSecurityContext": {"runAsUser": None, "runAsGroup": None,
                                                                  "fsGroup": None}}}},
}  # fmt: skip


def example(name: str) -> Values:
    """A committed values file."""
    values: Values = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text())
    return values


SCENARIOS |= {path.stem: example(path.stem) for path in sorted(EXAMPLES.glob("*.yaml"))}


def merged(*layers: Values) -> Values:
    """Later layers win, as with several --values files."""
    result: Values = {}
    for layer in layers:
        for key, value in layer.items():
            both = isinstance(value, dict) and isinstance(result.get(key), dict)
            result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    return result


@cache
def _load(path: Path) -> helm_python.Chart:
    return helm_python.Chart.load(path)


def render_files(values: Values, chart: Path = CHART, name: str = "maillage", **options: Any) -> dict[str, str]:
    """What the templates give, by path; raises HelmError with the chart's own sentence."""
    return _load(chart).render(merged(NEEDED, values), name=name, namespace="maillage", **options)


def objects_of(files: dict[str, str]) -> list[Object]:
    """Every object, in the order of the files."""
    texts = [text for path, text in sorted(files.items()) if not path.endswith("NOTES.txt")]
    return [item for text in texts for item in yaml.load_all(text, yaml.CSafeLoader) if item]


def render(values: Values, **options: Any) -> list[Object]:
    """The objects of a release with these values over what every installation must say."""
    return objects_of(render_files(values, **options))


@cache
def _scenario(name: str) -> str:
    return json.dumps(render(SCENARIOS[name]))


def scenario(name: str) -> list[Object]:
    """A fresh copy each time: tests plant faults in it."""
    objects: list[Object] = json.loads(_scenario(name))
    return objects


def notes(values: Values) -> str:
    """What the operator reads after the installation."""
    return next(text for path, text in render_files(values).items() if path.endswith("NOTES.txt"))
