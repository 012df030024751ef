"""Questions to rendered objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.deploy.chart import Object


def title(item: Object) -> str:
    return f"{item['kind']} {item['metadata']['name']}"


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    return [item for item in objects if item["kind"] in kinds]


def workloads(objects: list[Object]) -> list[Object]:
    """Everything that makes Pods."""
    return of_kind(objects, "Deployment", "Job", "CronJob")


def pod_of(item: Object) -> Object:
    """The spec of its Pods."""
    spec: Object = _template(item)["spec"]
    return spec


def pod_labels(item: Object) -> dict[str, str]:
    labels: dict[str, str] = _template(item)["metadata"]["labels"]
    return labels


def _template(item: Object) -> Object:
    template: Object = item["spec"].get("jobTemplate", item)["spec"]["template"]
    return template


def containers(item: Object) -> list[Object]:
    pod = pod_of(item)
    return [*pod.get("initContainers", []), *pod["containers"]]


def main_container(item: Object) -> Object:
    """The one that the Pod is for."""
    container: Object = pod_of(item)["containers"][0]
    return container


def is_hook(item: Object) -> bool:
    return "helm.sh/hook" in item["metadata"].get("annotations", {})


def service_and_command(item: Object) -> tuple[str, str]:
    labels = pod_labels(item)
    return labels["maillage.org/service"], labels["app.kubernetes.io/component"]


def variables(container: Object) -> dict[str, Object]:
    """Environment variables that stand in the container itself."""
    return {variable["name"]: variable for variable in container.get("env", [])}


def secret_keys(item: Object) -> set[tuple[str, str]]:
    """(Secret, key) of everything that its Pods read."""
    found = [
        variable["valueFrom"]["secretKeyRef"]
        for container in containers(item)
        for variable in container.get("env", [])
        if "secretKeyRef" in variable.get("valueFrom", {})
    ]
    return {(reference["name"], reference["key"]) for reference in found}


def references(item: Object) -> Iterator[tuple[str, str]]:
    """(kind, name) of objects that its Pods need to start."""
    pod = pod_of(item)
    yield "ServiceAccount", pod.get("serviceAccountName", "default")
    for volume in pod.get("volumes", []):
        yield from _behind(volume)
    for container in containers(item):
        for source in container.get("envFrom", []):
            for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                if key in source:
                    yield kind, source[key]["name"]
    for name, _key in secret_keys(item):
        yield "Secret", name


def _behind(volume: Object) -> Iterator[tuple[str, str]]:
    if "configMap" in volume:
        yield "ConfigMap", volume["configMap"]["name"]
    if "secret" in volume:
        yield "Secret", volume["secret"]["secretName"]
    for source in volume.get("projected", {}).get("sources", []):
        yield "Secret", source["secret"]["name"]
    if "persistentVolumeClaim" in volume:
        yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a label selector holds."""
    wanted = selector.get("matchLabels", {}).items()
    return all(labels.get(key) == value for key, value in wanted) and all(
        (labels.get(rule["key"]) in rule["values"]) == (rule["operator"] == "In")
        for rule in selector.get("matchExpressions", [])
    )


def scaled_targets(objects: list[Object]) -> list[str]:
    """Deployments whose replicas somebody else decides."""
    found: list[Any] = of_kind(objects, "HorizontalPodAutoscaler", "ScaledObject")
    return [item["spec"]["scaleTargetRef"]["name"] for item in found]
