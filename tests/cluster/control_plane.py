"""A real control plane on the loopback address, with nodes that kwok only pretends."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml

from maillage.embedded.ports import free_port
from tests.cluster.credentials import Credentials
from tests.cluster.kubernetes import Kubernetes, until

NODES = {"one": "east", "two": "west", "three": "north"}
"""Zone of each node."""
FAILS = "simulated-outcome"
"""Pods of Jobs that have this label fail; all others do what they are for at once."""
STOP_SECONDS = 15


@contextmanager
def control_plane(binaries: Path, folder: Path) -> Iterator[tuple[Kubernetes, Path]]:
    """The cluster's API and a kubeconfig for its admin, as long as the block runs; logs are in the folder."""
    ports = {name: free_port() for name in ("etcd", "peers", "api")}
    address = f"https://127.0.0.1:{ports['api']}"
    credentials = Credentials(folder / "credentials")
    credentials.make(address)
    with ExitStack() as running:
        for command in (_etcd(folder, ports), _api_server(credentials, ports)):
            running.enter_context(_process(binaries, command, folder))
        kubernetes = Kubernetes(
            address, credentials.authority, credentials.certificate("admin"), credentials.key("admin")
        )
        running.callback(kubernetes.close)
        until(kubernetes.is_ready, "the API server is ready", 180)
        for command in (_controllers(credentials), _scheduler(credentials), _nodes(credentials, binaries, folder)):
            running.enter_context(_process(binaries, command, folder))
        for name, zone in NODES.items():
            kubernetes.create(_node(name, zone))
        until(lambda: _ready_nodes(kubernetes) == len(NODES), "the nodes are ready", 120)
        yield kubernetes, credentials.kubeconfig("admin")


@contextmanager
def _process(binaries: Path, command: Sequence[str], folder: Path) -> Iterator[None]:
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen([str(binaries / command[0]), *command[1:]], stdout=log, stderr=log, cwd=folder)
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _etcd(folder: Path, ports: dict[str, int]) -> list[str]:
    clients, peers = f"http://127.0.0.1:{ports['etcd']}", f"http://127.0.0.1:{ports['peers']}"
    return [
        "etcd", f"--data-dir={folder / 'etcd-data'}", "--unsafe-no-fsync",
        f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}", f"--initial-cluster=default={peers}",
    ]  # fmt: skip


def _api_server(credentials: Credentials, ports: dict[str, int]) -> list[str]:
    return [
        "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{ports['etcd']}",
        "--bind-address=127.0.0.1", f"--secure-port={ports['api']}",
        # Nobody is told this address: Pods are only pretended.
        "--advertise-address=10.0.0.1", "--endpoint-reconciler-type=none",
        f"--tls-cert-file={credentials.certificate('server')}", f"--tls-private-key-file={credentials.key('server')}",
        f"--client-ca-file={credentials.authority}", "--authorization-mode=RBAC",
        f"--service-account-key-file={credentials.key('accounts')}",
        f"--service-account-signing-key-file={credentials.key('accounts')}",
        "--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/16",
    ]  # fmt: skip


def _controllers(credentials: Credentials) -> list[str]:
    return [
        "kube-controller-manager", f"--kubeconfig={credentials.kubeconfig('system:kube-controller-manager')}",
        "--leader-elect=false", "--secure-port=0", "--use-service-account-credentials",
        f"--root-ca-file={credentials.authority}",
        f"--service-account-private-key-file={credentials.key('accounts')}",
    ]  # fmt: skip


def _scheduler(credentials: Credentials) -> list[str]:
    kubeconfig = credentials.kubeconfig("system:kube-scheduler")
    return ["kube-scheduler", f"--kubeconfig={kubeconfig}", "--leader-elect=false", "--secure-port=0"]


def _nodes(credentials: Credentials, binaries: Path, folder: Path) -> list[str]:
    stages = folder / "stages.yaml"
    stages.write_text(yaml.safe_dump_all(simulated_life(binaries / "stages")))
    kubeconfig = credentials.kubeconfig("admin")
    return [
        "kwok",
        f"--kubeconfig={kubeconfig}",
        f"--config={stages}",
        "--manage-all-nodes",
        "--node-lease-duration-seconds=40",
    ]


def simulated_life(folder: Path) -> list[dict[str, object]]:
    """Kwok's stages, and one by which Pods of Jobs fail when they are labelled so."""
    stages = [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yaml"))]
    [complete] = [stage for stage in stages if stage["metadata"]["name"] == "pod-complete"]
    fail = copy.deepcopy(complete)
    fail["metadata"]["name"] = "pod-fail"
    template = complete["spec"]["next"]["statusTemplate"]
    for good, bad in (("exitCode: 0", "exitCode: 1"), ("Completed", "Error"), ("Succeeded", "Failed")):
        template = template.replace(good, bad)
    fail["spec"]["next"]["statusTemplate"] = template
    for stage, operator in ((complete, "DoesNotExist"), (fail, "Exists")):
        expressions = stage["spec"]["selector"]["matchExpressions"]
        expressions.append({"key": f'.metadata.labels["{FAILS}"]', "operator": operator})
    return [*stages, fail]


def _node(name: str, zone: str) -> dict[str, object]:
    room = {"cpu": "16", "memory": "64Gi", "pods": "110"}
    labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone, "kubernetes.io/os": "linux"}
    status = {"allocatable": room, "capacity": room}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}, "status": status}


def _ready_nodes(kubernetes: Kubernetes) -> int:
    conditions = [condition for node in kubernetes.list("nodes") for condition in node["status"].get("conditions", [])]
    return sum(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
