"""What operators do with the chart, one after the other in one namespace: each scenario begins where the last ended.

What Pods do is pretended by kwok: no image is pulled, no process answers. Everything else is real: Helm, admission
under `restricted`, controllers, scheduler, budgets, hooks, ownership of fields.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import helm_python
import pytest

from tests.cluster.control_plane import FAILS
from tests.cluster.kubernetes import Kubernetes, Object, until
from tests.deploy.chart import NEEDED, SERVICES, Values, merged

RELEASE = "maillage"
TIMEOUT_SECONDS = 180
OURS = "app.kubernetes.io/instance=maillage"
API_OF_FINANCE = f"{OURS},maillage.org/service=finance,app.kubernetes.io/component=api"
# What Kubernetes makes custom resources for is left out: no such kinds are installed here.
VALUES: Values = merged(
    NEEDED,
    {
        "kafka": {"securityProtocol": "SASL_SSL", "authority": {"existingSecret": "kafka-ca"},
                  "user": {"existingSecret": "kafka-user"}},
        "defaults": {"api": {"autoscaling": {"enabled": True}}, "relay": {"replicas": 2}},
        "migrations": {"backoffLimit": 0},
        "doctor": {"beforeUpgrade": True},
        "backup": {"enabled": True, "existingClaim": "backups"},
        "monitoring": {"dashboards": {"enabled": True}},
        "ingress": {"enabled": True, "hosts": ["maillage.example.org"]},
    },
)  # fmt: skip
NEXT_VERSION: Values = {"image": {"tag": "0.2.0"}}
SECRETS = (*(f"maillage-{name}-database" for name in SERVICES), "kafka-user", "kafka-ca")


class Release:
    """The chart in the cluster, by Helm."""

    def __init__(self, kubernetes: Kubernetes, kubeconfig: Path, chart: Path) -> None:
        self.kubernetes, self._chart = kubernetes, chart
        self._helm = helm_python.Config(kubeconfig_path=kubeconfig, namespace=kubernetes.namespace)
        self._waiting: dict[str, Any] = {"timeout": TIMEOUT_SECONDS, "wait": "watcher"}

    def install(self) -> None:
        self._helm.install(self._chart, RELEASE, VALUES, namespace=self.kubernetes.namespace, **self._waiting)

    def upgrade(self, changed: Values) -> None:
        self._helm.upgrade(
            self._chart, RELEASE, merged(VALUES, changed), namespace=self.kubernetes.namespace, **self._waiting
        )

    def rollback(self) -> None:
        self._helm.rollback(RELEASE, **self._waiting)

    def test(self) -> None:
        self._helm.test(RELEASE, timeout=TIMEOUT_SECONDS)

    def uninstall(self) -> None:
        self._helm.uninstall(RELEASE, **self._waiting)

    def pods(self, selector: str = OURS) -> list[Object]:
        """Those of Deployments."""
        return [pod for pod in self.kubernetes.list("pods", selector) if owner_of(pod) == "ReplicaSet"]

    def images(self) -> set[str]:
        """Tags that run."""
        return {pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in self.pods()}

    def unavailable(self) -> list[str]:
        """Deployments that have fewer Pods than they want, or old ones."""
        return [
            item["metadata"]["name"]
            for item in self.kubernetes.list("deployments", OURS)
            if not item["spec"]["replicas"]
            == item["status"].get("availableReplicas", 0)
            == item["status"].get("updatedReplicas", 0)
            == item["status"].get("replicas", 0)
        ]


def owner_of(item: Object) -> str:
    """The kind of what made it."""
    return str(item["metadata"].get("ownerReferences", [{"kind": ""}])[0]["kind"])


def identities(items: list[Object]) -> set[str]:
    return {item["metadata"]["uid"] for item in items}


def prepare(kubernetes: Kubernetes) -> None:
    """The namespace as a strict cluster has it, with the Secrets that are the operator's."""
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    kubernetes.create({"apiVersion": "v1", "kind": "Namespace",
                       "metadata": {"name": kubernetes.namespace, "labels": labels}})  # fmt: skip
    for name in SECRETS:
        kubernetes.create({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}})
    until(lambda: kubernetes.list("serviceaccounts"), "the namespace has its account")


def install(release: Release) -> None:
    """Everything runs under enforced `restricted`; the two of an API are in two zones."""
    container = {"name": "planted", "image": "planted"}
    planted = {"kind": "Pod", "metadata": {"name": "planted"}, "spec": {"containers": [container]}}
    answer = release.kubernetes.create(planted)
    assert "violates PodSecurity" in answer.text, f"the namespace is not strict: {answer.status_code} {answer.text}"
    release.install()
    assert release.unavailable() == []
    assert {owner_of(pod) for pod in release.kubernetes.list("pods", OURS)} == {"ReplicaSet", "Job"}
    until(
        lambda: len(release.pods(API_OF_FINANCE)) == 2 and not release.unavailable(), "the autoscaler made a second one"
    )
    nodes = {pod["spec"]["nodeName"] for pod in release.pods(API_OF_FINANCE)}
    assert len(nodes) == 2, f"both replicas of an API are on {nodes}"


def ask_the_doctor(release: Release) -> None:
    """`helm test` makes its Job, waits for it, and leaves it for its log."""
    release.test()
    assert "maillage-doctor-test" in {job["metadata"]["name"] for job in release.kubernetes.list("jobs")}


def change_nothing(release: Release) -> None:
    """The same values again: no Pod is replaced."""
    before = identities(release.pods())
    release.upgrade({})
    assert identities(release.pods()) == before


def upgrade(release: Release) -> None:
    """Doctor and migrations run first, then every Pod is a new one."""
    before = identities(release.pods())
    release.upgrade(NEXT_VERSION)
    assert release.unavailable() == []
    until(lambda: release.images() == {"0.2.0"}, "only the new version runs")
    assert identities(release.pods()).isdisjoint(before)
    finished = {job["metadata"]["name"]: job["status"]["completionTime"] for job in release.kubernetes.list("jobs")}
    migrated = [when for name, when in finished.items() if name.endswith("-migrations")]
    started = min(pod["metadata"]["creationTimestamp"] for pod in release.pods())
    assert len(migrated) == len(SERVICES)
    assert finished["maillage-doctor-before"] <= min(migrated) <= max(migrated) <= started


def keep_what_the_autoscaler_chose(release: Release) -> None:
    """Replicas belong to the autoscaler: an upgrade neither resets them nor quarrels about them."""
    release.kubernetes.scale("maillage-finance-api", 4)
    until(lambda: len(release.pods(API_OF_FINANCE)) == 4 and not release.unavailable(), "four replicas run")
    release.upgrade(merged(NEXT_VERSION, {"logLevel": "DEBUG"}))
    assert release.unavailable() == []
    until(lambda: len(release.pods(API_OF_FINANCE)) == 4, "there are still four replicas")


def roll_back(release: Release) -> None:
    """To the revision before; the Pods are those of its settings again."""
    before = identities(release.pods())
    release.rollback()
    assert release.unavailable() == []
    until(lambda: identities(release.pods()).isdisjoint(before), "the Pods are replaced")
    assert release.images() == {"0.2.0"}


def stop_at_a_failing_migration(release: Release) -> None:
    """The upgrade is refused, the old Pods stay as they are, and the next upgrade heals it."""
    before = identities(release.pods())
    broken = {"image": {"tag": "0.3.0"}, "commonLabels": {FAILS: "failure"}, "doctor": {"beforeUpgrade": False}}
    with pytest.raises(helm_python.HelmError, match="pre-upgrade"):
        release.upgrade(broken)
    assert identities(release.pods()) == before
    assert release.unavailable() == []
    release.upgrade({"image": {"tag": "0.3.1"}})
    until(lambda: release.images() == {"0.3.1"}, "the mended version runs")


def drain_a_node(release: Release) -> None:
    """Budgets keep one of two; what has one replica moves; afterwards everything is somewhere else."""
    kubernetes = release.kubernetes
    nodes = [node["metadata"]["name"] for node in kubernetes.list("nodes")]
    for name in nodes:  # Else who was evicted is replaced, and the budget is free again, before the next is asked for.
        kubernetes.patch("nodes", name, {"spec": {"unschedulable": True}})
    staying = [pod["metadata"] for pod in release.pods(API_OF_FINANCE) if "deletionTimestamp" not in pod["metadata"]]
    first, *others = [metadata["name"] for metadata in staying]
    assert kubernetes.evict(first), "a budget forbids the first eviction"
    assert not any(kubernetes.evict(name) for name in others), "a budget allowed all replicas to go"
    node = release.pods()[0]["spec"]["nodeName"]
    for name in nodes:
        kubernetes.patch("nodes", name, {"spec": {"unschedulable": True if name == node else None}})

    def is_drained() -> bool:
        left = [pod["metadata"]["name"] for pod in release.pods() if pod["spec"].get("nodeName") == node]
        for name in left:
            kubernetes.evict(name)
        return not left

    until(is_drained, f"the node {node} is drained")
    until(lambda: not release.unavailable(), "everything runs on the other nodes")
    kubernetes.patch("nodes", node, {"spec": {"unschedulable": None}})


def uninstall(release: Release) -> None:
    """Secrets stay, and for their logs the Jobs of the hooks, which go by themselves after a day."""
    release.uninstall()
    until(lambda: not release.pods(), "no Pod of a Deployment is left")
    kept = {("Secret", name) for name in SECRETS}

    def left() -> set[tuple[str, str]]:
        return {item for item in release.kubernetes.everything() - kept if item[0] not in ("Job", "Pod")}

    until(lambda: not left(), "nothing else is left")
    jobs = release.kubernetes.list("jobs")
    assert [job["metadata"]["name"] for job in jobs if "ttlSecondsAfterFinished" not in job["spec"]] == []


SCENARIOS: tuple[Callable[[Release], None], ...] = (
    install, ask_the_doctor, change_nothing, upgrade, keep_what_the_autoscaler_chose, roll_back,
    stop_at_a_failing_migration, drain_a_node, uninstall,
)  # fmt: skip
