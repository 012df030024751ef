"""Every value that the chart offers changes something, and what may be written is what is offered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import helm_python
import pytest
import yaml

from tests.deploy.chart import CHART, DIGEST, EVERYTHING, Values, merged, render_files

DEFAULTS: Values = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text())
OF_NO_EFFECT = {("enabled",)}
PROCESSES = {"process", "api", "consumer", "worker", "relay"}
PEER = [{"namespaceSelector": {"matchLabels": {"a": "b"}}}]
SAMPLES: dict[str, Any] = {
    "issuer": "https://other.example", "keysUrl": "https://other.example/keys", "tracesEndpoint": "http://other:4318",
    "bootstrapServers": "other:9092", "digest": DIGEST.replace("0", "f"), "logLevel": "DEBUG", "pullPolicy": "Always",
    "mode": "external", "publicUrls": ["https://other.example"], "capabilities": {"drop": ["ALL"], "add": ["CHOWN"]},
    "drop": ["NET_RAW"], "topologyKeys": ["kubernetes.io/hostname"], "tolerations": [{"operator": "Exists"}],
    "affinity": {"podAntiAffinity": {}}, "extraEnv": [{"name": "A", "value": "b"}],
    "extraEnvFrom": [{"secretRef": {"name": "a"}}], "extraVolumes": [{"name": "a", "emptyDir": {}}],
    "extraVolumeMounts": [{"name": "a", "mountPath": "/a"}], "to": PEER, "entranceFrom": PEER, "metricsFrom": PEER,
    "extraEgress": [{"ports": [{"port": 1}]}], "parentRefs": [{"name": "other"}], "hosts": ["other.example"],
    "tls": [{"secretName": "other"}], "extraObjects": [{"apiVersion": "v1", "kind": "Secret"}], "ports": [1],
    "imagePullSecrets": ["other"], "pullSecrets": ["other"], "hostnames": ["other.example"],
    "requests": {"cpu": "7"}, "limits": {"memory": "7Gi"}, "prefix": "other",
    "securityProtocol": "PLAINTEXT", "saslMechanism": "PLAIN", "kafkaUser": {"name": "other"}, "schedule": "0 4 * * *",
}  # fmt: skip
# With everything switched on something else hides these; they are looked at beside this.
ALONE: dict[tuple[str, ...], Values] = {
    ("defaults", "consumer", "autoscaling"): {
        "defaults": {"consumer": {"keda": {"enabled": False}, "autoscaling": {"enabled": True}}}
    },
    ("defaults", "process", "replicas"): {"defaults": {"worker": {"autoscaling": {"enabled": False}}}},
    ("kafka", "user", "certificateKey"): {"kafka": {"securityProtocol": "SSL"}},
    ("kafka", "user", "privateKeyKey"): {"kafka": {"securityProtocol": "SSL"}},
    ("defaults", "api", "replicas"): {"defaults": {"api": {"autoscaling": {"enabled": False}}}},
}


def leaves(values: Values, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value by its path; an empty object is a value."""
    for key, value in values.items():
        if isinstance(value, dict) and value and key not in SAMPLES:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def another(key: str, value: Any) -> Any:
    """A value of the same kind that is a different one."""
    if key in SAMPLES:
        return SAMPLES[key]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if key in PROCESSES and isinstance(value, dict):
        return {"priorityClassName": "other"}
    if isinstance(value, dict):
        return {**value, "other": "other"}
    return "other" if not isinstance(value, str) or value != "other" else "another"


def at(path: tuple[str, ...], value: Any) -> Values:
    for key in reversed(path):
        value = {key: value}
    return dict(value)


def effect_of(path: tuple[str, ...], value: Any) -> bool:
    """Whether a different value renders differently, or is refused by a template's own sentence."""
    base = merged(EVERYTHING, next((extra for start, extra in ALONE.items() if path[: len(start)] == start), {}))
    if path[-1] == "enabled" and path[:1] == ("defaults",):
        return True  # Switched on in the scenarios, each way of scaling against the other.
    present: Any = base
    for key in path:
        present = present.get(key, value) if isinstance(present, dict) else value
    try:
        return render_files(merged(base, at(path, another(path[-1], present)))) != render_files(base)
    except helm_python.HelmError as error:
        if "don't meet the specifications" in str(error):
            raise
        return True


PATHS = [(path, value) for path, value in leaves(DEFAULTS) if path not in OF_NO_EFFECT and path[0] != "services"]
PATHS += leaves({"services": {"finance": DEFAULTS["services"]["finance"]}})


@pytest.mark.parametrize(("path", "value"), PATHS, ids=[".".join(path) for path, _ in PATHS])
def test_every_value_changes_something(path: tuple[str, ...], value: Any) -> None:
    assert effect_of(path, value)


def test_a_dead_value_is_found() -> None:
    assert not effect_of(("global", "of-no-use"), "")


def undocumented(schema: dict[str, Any], values: Any, path: str = "") -> list[str]:
    """What may be written and does not stand in values.yaml, down to where processes begin: they share one form."""
    if "$ref" in schema or not isinstance(values, dict):
        return []
    refused = yaml.safe_load((CHART / "files" / "renamed-values.yaml").read_text())
    missing = [
        f"{path}{key}" for key in schema.get("properties", {}) if key not in values and (path or key not in refused)
    ]
    for key, value in values.items():
        missing += undocumented(schema.get("properties", {}).get(key, {}), value, f"{path}{key}.")
    return missing


def test_what_may_be_written_stands_in_the_values() -> None:
    assert undocumented(SCHEMA, DEFAULTS) == []
    assert undocumented({"properties": {"planted": {}}}, {}) == ["planted"]
    known = {key for part in DEFAULTS["defaults"].values() for key in part}
    assert set(SCHEMA["$defs"]["process"]["properties"]) == known
