"""The few questions and orders to a Kubernetes API that the scenarios need."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

Object = dict[str, Any]
PATHS = {
    "nodes": "/api/v1/nodes", "namespaces": "/api/v1/namespaces", "pods": "/api/v1/{}/pods",
    "secrets": "/api/v1/{}/secrets", "serviceaccounts": "/api/v1/{}/serviceaccounts",
    "deployments": "/apis/apps/v1/{}/deployments", "jobs": "/apis/batch/v1/{}/jobs",
    "poddisruptionbudgets": "/apis/policy/v1/{}/poddisruptionbudgets",
}  # fmt: skip
KINDS = {"Node": "nodes", "Namespace": "namespaces", "Pod": "pods", "Secret": "secrets"}
MERGE = {"Content-Type": "application/merge-patch+json"}
# What a namespace has by itself, and what only tells of the past.
OF_EVERY_NAMESPACE = {("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")}
OF_THE_PAST = {"Event", "Lease", "PodMetrics"}


class Kubernetes:
    """One namespace, and what is above namespaces."""

    namespace = "maillage"

    def __init__(self, address: str, authority: Path, certificate: Path, key: Path) -> None:
        context = ssl.create_default_context(cafile=str(authority))
        context.load_cert_chain(str(certificate), str(key))
        self._client = httpx.Client(base_url=address, verify=context, timeout=30)

    def close(self) -> None:
        self._client.close()

    def is_ready(self) -> bool:
        try:
            return self._client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def list(self, what: str, selector: str = "") -> list[Object]:
        items: list[Object] = self._get(self._path(what), labelSelector=selector)["items"]
        return items

    def create(self, item: Object) -> httpx.Response:
        """The answer, also when it is a refusal."""
        return self._client.post(self._path(KINDS[item["kind"]]), json={"apiVersion": "v1", **item})

    def patch(self, what: str, name: str, change: Object) -> None:
        self._client.patch(f"{self._path(what)}/{name}", json=change, headers=MERGE).raise_for_status()

    def evict(self, pod: str) -> bool:
        """As `kubectl drain` asks; False when a budget does not allow it now."""
        item = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod, "namespace": self.namespace}}
        answer = self._client.post(f"{self._path('pods')}/{pod}/eviction", json=item)
        if answer.status_code not in (404, 429):
            answer.raise_for_status()
        return answer.status_code != 429

    def scale(self, deployment: str, replicas: int) -> None:
        """As an autoscaler does."""
        self.patch("deployments", f"{deployment}/scale", {"spec": {"replicas": replicas}})

    def everything(self) -> set[tuple[str, str]]:
        """(kind, name) of all there is in the namespace, of every kind that the server knows."""
        found = set()
        for group in ["/api/v1", *self._group_versions()]:
            for kind in self._get(group)["resources"]:
                if kind["namespaced"] and "/" not in kind["name"] and "list" in kind["verbs"]:
                    items = self._get(f"{group}/namespaces/{self.namespace}/{kind['name']}")["items"]
                    found |= {(kind["kind"], item["metadata"]["name"]) for item in items}
        return {(kind, name) for kind, name in found if kind not in OF_THE_PAST} - OF_EVERY_NAMESPACE

    def _group_versions(self) -> list[str]:
        groups = self._get("/apis")["groups"]
        return [f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups]

    def _path(self, what: str) -> str:
        return PATHS[what].format(f"namespaces/{self.namespace}")

    def _get(self, path: str, **parameters: str) -> Any:
        answer = self._client.get(path, params=parameters)
        answer.raise_for_status()
        return answer.json()


def until(holds: Callable[[], object], what: str, seconds: float = 120) -> None:
    """Wait until something holds; raises TimeoutError with what did not."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not after {seconds:.0f} s: {what}")
        time.sleep(0.2)
