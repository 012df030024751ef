"""What must hold for the objects of every scenario; a rule returns its faults in words."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import kubernetes_validate
from kubernetes_validate import utils as kubernetes_schemas

from common.database import SERVER_SETTINGS
from tests.architecture.source_tree import ROOT
from tests.deploy.chart import Object
from tests.deploy.objects import (
    containers,
    is_hook,
    main_container,
    matches,
    of_kind,
    pod_labels,
    pod_of,
    references,
    scaled_targets,
    secret_keys,
    service_and_command,
    title,
    variables,
    workloads,
)

Rule = Callable[[list[Object]], list[str]]
KUBERNETES = "1.34"
CUSTOM = {
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("keda.sh/v1alpha1", "TriggerAuthentication"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
}
DATABASE_SECRETS = {f"maillage-{name}-database" for name in
                    ("activities", "staffing", "finance", "partners", "notifications")}  # fmt: skip
SECRETS_OF_OPERATORS = {
    *DATABASE_SECRETS,
    "portal-client",
    "mail-account",
    "kafka-user",
    "kafka-authority",
    "finance-at-kafka",
}
PURPOSES = {"api": {"api"}, "consumer": {"worker"}, "worker": {"worker", "auditor"}, "relay": {"relay"},
            "migrations": {"owner"}}  # fmt: skip
TOOLS = {"doctor": ("api", "worker", "relay", "auditor"), "backup": ("relay", "auditor", "backup")}
OTHER_VARIABLES = {"MALLOC_ARENA_MAX", "OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT", "POD_NAME"}

# The library reads five megabytes of definitions again for every object.
kubernetes_schemas.schema_contents = functools.cache(kubernetes_schemas.schema_contents)


def valid(objects: list[Object]) -> list[str]:
    """Strict schemas of Kubernetes: no unknown field, no wrong type. Custom resources are of the kinds we know."""
    faults = []
    for item in objects:
        if (item["apiVersion"], item["kind"]) in CUSTOM:
            continue
        try:
            kubernetes_validate.validate(item, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            faults.append(f"{title(item)}: {error.message[:200]}")
        except kubernetes_validate.SchemaNotFoundError as error:
            faults.append(f"{title(item)}: {error.message}")
    return faults


def names(objects: list[Object]) -> list[str]:
    """Each name once, and none longer than a label may be."""
    counted = Counter(title(item) for item in objects)
    long = [f"{title(item)} is too long" for item in objects if len(item["metadata"]["name"]) > 63]
    return [f"{name} is there {count} times" for name, count in counted.items() if count > 1] + long


def selectors(objects: list[Object]) -> list[str]:
    """Every selector finds Pods, and Deployments find their own only."""
    pods = [pod_labels(item) for item in workloads(objects)]
    faults = []
    for item in of_kind(objects, "Deployment"):
        found = [labels for labels in pods if matches(item["spec"]["selector"], labels)]
        if found != [pod_labels(item)]:
            faults.append(f"{title(item)} selects the Pods of {len(found)} workloads")
    selecting = {title(item): {"matchLabels": item["spec"]["selector"]} for item in of_kind(objects, "Service")}
    selecting |= {title(item): item["spec"]["selector"] for item in of_kind(objects, "PodDisruptionBudget")}
    selecting |= {title(item): item["spec"]["podSelector"] for item in of_kind(objects, "NetworkPolicy")}
    return faults + [
        f"{name} selects nothing"
        for name, selector in selecting.items()
        if not any(matches(selector, labels) for labels in pods)
    ]


def closed_references(objects: list[Object]) -> list[str]:
    """What Pods need is rendered, or is a Secret that the operator makes."""
    there = {(item["kind"], item["metadata"]["name"]) for item in objects}
    there |= {
        ("ServiceAccount", "default"),
        ("PersistentVolumeClaim", "backups"),
        ("PersistentVolumeClaim", "journal"),
        *(("Secret", name) for name in SECRETS_OF_OPERATORS),
    }
    return [
        f"{title(item)} needs {kind} {name}"
        for item in workloads(objects)
        for kind, name in references(item)
        if (kind, name) not in there
    ]


def closed_hooks(objects: list[Object]) -> list[str]:
    """A hook runs before the release exists and needs nothing of it; the test hook keeps to that too."""
    release = {(item["kind"], item["metadata"]["name"]) for item in objects if not is_hook(item)}
    return [
        f"{title(item)} needs {kind} {name}"
        for item in workloads(objects)
        if is_hook(item)
        for kind, name in references(item)
        if (kind, name) in release
    ]


def hooks_are_kept(objects: list[Object]) -> list[str]:
    """Their logs are there when something failed: deleted before the next one only, and one-shot work is a Job."""
    wrong = [
        f"{title(item)} deletes its log"
        for item in objects
        if is_hook(item) and item["metadata"]["annotations"].get("helm.sh/hook-delete-policy") != "before-hook-creation"
    ]
    return wrong + [f"{title(item)} is no Job" for item in objects if is_hook(item) and item["kind"] != "Job"]


def replicas_or_scaler(objects: list[Object]) -> list[str]:
    """`replicas` beside an autoscaler makes every upgrade with Helm 4 fail; neither of them means 1."""
    scaled = Counter(scaled_targets(objects))
    deployments = {item["metadata"]["name"]: item for item in of_kind(objects, "Deployment")}
    faults = [f"{name} is scaled and does not exist" for name in scaled if name not in deployments]
    faults += [f"{name} has {count} scalers" for name, count in scaled.items() if count > 1]
    return faults + [
        f"{name}: replicas and autoscaler" if name in scaled else f"{name}: neither replicas nor autoscaler"
        for name, item in deployments.items()
        if ("replicas" in item["spec"]) == (name in scaled)
    ]


def restricted(objects: list[Object]) -> list[str]:
    """The pod security standard `restricted`, and a read-only root on top."""
    faults = []
    for item in workloads(objects):
        pod, security = pod_of(item), pod_of(item).get("securityContext", {})
        if security.get("runAsNonRoot") is not True or security.get("runAsUser") == 0:
            faults.append(f"{title(item)} may run as root")
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            faults.append(f"{title(item)} has no seccomp profile")
        if pod.get("automountServiceAccountToken") is not False:
            faults.append(f"{title(item)} gets a token")
        if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
            faults.append(f"{title(item)} shares the host's namespaces")
        if any(set(volume) & {"hostPath"} for volume in pod.get("volumes", [])):
            faults.append(f"{title(item)} mounts the host")
        for container in containers(item):
            wanted = {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            if container.get("securityContext") != wanted:
                faults.append(f"{title(item)}: {container['name']} is not confined")
    return faults


def resources(objects: list[Object]) -> list[str]:
    """Requests and a limit of memory; no limit of the processor, which only slows things down."""
    return [
        f"{title(item)}: {container['name']}"
        for item in workloads(objects)
        for container in containers(item)
        if set(container["resources"]["requests"]) != {"cpu", "memory"}
        or set(container["resources"]["limits"]) != {"memory"}
    ]


def probes(objects: list[Object]) -> list[str]:
    """Live asks nobody, ready asks what is needed now; the start may take two minutes."""
    faults = []
    for item in of_kind(objects, "Deployment"):
        container = main_container(item)
        paths = [container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")]
        if paths != ["/health/live", "/health/live", "/health/ready"]:
            faults.append(f"{title(item)} asks {paths}")
        startup = container["startupProbe"]
        if startup["periodSeconds"] * startup["failureThreshold"] < 120:
            faults.append(f"{title(item)} has too little time to start")
    return faults


def grace(objects: list[Object]) -> list[str]:
    """Longer than the pause before the stop and the longest thing that the code then finishes."""
    statement_seconds = (int(SERVER_SETTINGS["lock_timeout"]) + int(SERVER_SETTINGS["statement_timeout"])) / 1000
    faults = []
    for item in of_kind(objects, "Deployment"):
        _service, command = service_and_command(item)
        longest = _graceful_seconds_of_the_server() if command == "api" else statement_seconds
        if command == "relay":
            longest = 0.0
        before = main_container(item).get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if command == "api" and before < 1:
            faults.append(f"{title(item)} stops while it is still sent requests")
        if pod_of(item)["terminationGracePeriodSeconds"] <= before + longest:
            faults.append(f"{title(item)} is killed before it has finished")
    return faults


def _graceful_seconds_of_the_server() -> float:
    """As it stands in the code."""
    tree = ast.parse((ROOT / "libs/common/src/common/running.py").read_text())
    found = [
        keyword.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "timeout_graceful_shutdown" and isinstance(keyword.value, ast.Constant)
    ]
    return float(found[0])  # type: ignore[arg-type]


def rollout(objects: list[Object]) -> list[str]:
    """No replica goes before its successor is ready, and a change of the settings makes new Pods."""
    return [
        title(item)
        for item in of_kind(objects, "Deployment")
        if item["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] != 0
        or "checksum/settings" not in item["spec"]["template"]["metadata"]["annotations"]
    ]


def spread(objects: list[Object]) -> list[str]:
    """Over zones and machines, softly, counting the Pods of this Deployment only."""
    faults = []
    for item in of_kind(objects, "Deployment"):
        constraints = pod_of(item).get("topologySpreadConstraints", [])
        keys = {constraint["topologyKey"] for constraint in constraints}
        own = all(constraint["labelSelector"] == item["spec"]["selector"] for constraint in constraints)
        soft = all(constraint["whenUnsatisfiable"] == "ScheduleAnyway" for constraint in constraints)
        if keys != {"topology.kubernetes.io/zone", "kubernetes.io/hostname"} or not own or not soft:
            faults.append(title(item))
    return faults


def budgets(objects: list[Object]) -> list[str]:
    """A budget where there are two, none where it would only keep a node from being drained; sick Pods go."""
    faults = []
    limits = [item["spec"] for item in of_kind(objects, "PodDisruptionBudget")]
    faults += [str(spec) for spec in limits if spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow"]
    least = {
        item["spec"]["scaleTargetRef"]["name"]: item["spec"].get("minReplicas") or item["spec"]["minReplicaCount"]
        for item in of_kind(objects, "HorizontalPodAutoscaler", "ScaledObject")
    }
    for item in of_kind(objects, "Deployment"):
        several = least.get(item["metadata"]["name"], item["spec"].get("replicas", 1)) > 1
        guarded = sum(matches(spec["selector"], pod_labels(item)) for spec in limits)
        if guarded != several:
            faults.append(f"{title(item)}: several {several}, budgets {guarded}")
    return faults


def modules(objects: list[Object]) -> list[str]:
    """Every container runs a module that exists, of the image's own service."""
    faults = []
    for item in workloads(objects):
        for container in containers(item):
            module, image = container["args"][0], container["image"].split("@")[0].rsplit("/", 1)[-1].split(":")[0]
            owner = {"maillage": "tools"}.get(module.split(".")[0], module.split(".")[0])
            if find_spec(module) is None or owner != image:
                faults.append(f"{title(item)}: {container['image']} runs {module}")
    return faults


def settings(objects: list[Object]) -> list[str]:
    """No variable that nobody reads: each is a field of its service's settings."""
    maps = {item["metadata"]["name"]: item.get("data", {}) for item in of_kind(objects, "ConfigMap")}
    faults = []
    for item in workloads(objects):
        for container in containers(item):
            given = set(variables(container))
            for source in container.get("envFrom", []):
                given |= set(maps.get(source["configMapRef"]["name"], {}))
            unknown = given - OTHER_VARIABLES - set().union(*(_settings_of(name) for name in _services_of(item)))
            faults += [f"{title(item)}: {name}" for name in sorted(unknown)]
    return faults


def _services_of(item: Object) -> tuple[str, ...]:
    service, _command = service_and_command(item)
    return ("activities", "staffing", "finance", "partners", "notifications") if service in TOOLS else (service,)


@functools.cache
def _settings_of(service: str) -> frozenset[str]:
    fields = import_module(f"{service}.settings").Settings.model_fields
    return frozenset(f"{service}_{field}".upper() for field in fields)


def least_privilege(objects: list[Object]) -> list[str]:
    """A process knows the address of its own role in its own database, and the owner's is for migrations only."""
    faults = []
    for item in workloads(objects):
        service, command = service_and_command(item)
        databases = {(name, key) for name, key in secret_keys(item) if name in DATABASE_SECRETS}
        if service == "portal":
            expected: set[tuple[str, str]] = set()
        elif service in TOOLS:
            expected = {(name, f"{role}-url") for name in DATABASE_SECRETS for role in TOOLS[service]}
        else:
            expected = {(f"maillage-{service}-database", f"{role}-url") for role in PURPOSES[command]}
        if databases != expected:
            faults.append(f"{title(item)} reads {sorted(databases ^ expected)}")
    return faults


def monitored(objects: list[Object]) -> list[str]:
    """Where anything is monitored, every Deployment is found by a monitor, once."""
    monitors = of_kind(objects, "ServiceMonitor")
    services = of_kind(objects, "Service")
    if not monitors:
        return []
    faults = []
    for item in of_kind(objects, "Deployment"):
        watching = [
            service
            for monitor in monitors
            for service in services
            if matches(monitor["spec"]["selector"], service["metadata"]["labels"])
            and matches({"matchLabels": service["spec"]["selector"]}, pod_labels(item))
        ]
        if len(watching) != 1:
            faults.append(f"{title(item)} is watched by {len(watching)}")
    return faults


RULES: tuple[Rule, ...] = (
    valid, names, selectors, closed_references, closed_hooks, hooks_are_kept, replicas_or_scaler, restricted, resources,
    probes, grace, rollout, spread, budgets, modules, settings, least_privilege, monitored,
)  # fmt: skip
