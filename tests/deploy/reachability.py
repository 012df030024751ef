"""Who may reach whom, as the NetworkPolicies say: only what both ends allow."""

from __future__ import annotations

from collections.abc import Iterator

from tests.deploy.chart import Object
from tests.deploy.objects import matches, of_kind, pod_labels, service_and_command, workloads

PORT = 8000
OUTSIDE = {"postgresql": 5432, "kafka": 9092, "signIn": 443, "mail": 587}


def reachable_pods(objects: list[Object]) -> set[tuple[str, str]]:
    """(from, to) of workloads of the release, as `service command`, on the port of all of them."""
    policies = of_kind(objects, "NetworkPolicy")
    pods = {" ".join(service_and_command(item)): pod_labels(item) for item in workloads(objects)}
    return {
        (source, target)
        for source, source_labels in pods.items()
        for target, target_labels in pods.items()
        if source != target
        and _allows(policies, "egress", source_labels, PORT, target_labels)
        and _allows(policies, "ingress", target_labels, PORT, source_labels)
    }


def reachable_outside(objects: list[Object]) -> dict[str, set[str]]:
    """What each workload may reach outside of the release, by what is usually on that port."""
    policies = of_kind(objects, "NetworkPolicy")
    return {
        " ".join(service_and_command(item)): {
            name for name, port in OUTSIDE.items() if _allows(policies, "egress", pod_labels(item), port, None)
        }
        for item in workloads(objects)
    }


def _allows(
    policies: list[Object], direction: str, own: dict[str, str], port: int, peer: dict[str, str] | None
) -> bool:
    """A peer of None is somewhere outside: only a rule without peers lets it through."""
    return any(_permits(rule, direction, port, peer) for rule in _rules(policies, direction, own))


def _rules(policies: list[Object], direction: str, own: dict[str, str]) -> Iterator[Object]:
    concerned = [policy["spec"] for policy in policies if matches(policy["spec"]["podSelector"], own)]
    if not any(direction.capitalize() in spec["policyTypes"] for spec in concerned):
        yield {}  # Nobody speaks of this direction: everything is allowed.
    for spec in concerned:
        yield from spec.get(direction, [])


def _permits(rule: Object, direction: str, port: int, peer: dict[str, str] | None) -> bool:
    ports = [item["port"] for item in rule.get("ports", []) if item.get("protocol", "TCP") == "TCP"]
    if rule.get("ports") and port not in ports:
        return False
    peers = rule.get("to" if direction == "egress" else "from")
    if not peers:
        return True
    return peer is not None and any(
        "podSelector" in item and "namespaceSelector" not in item and matches(item["podSelector"], peer)
        for item in peers
    )
