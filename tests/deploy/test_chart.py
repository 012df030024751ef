"""The chart over a matrix of values: what operators were hurt by elsewhere, each as a test."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import helm_python
import pytest
import yaml

from tests.architecture.source_tree import ROOT
from tests.deploy import rules
from tests.deploy.chart import (
    CHART,
    DIGEST,
    EVERYTHING,
    NEEDED,
    SCENARIOS,
    SERVICES,
    Object,
    Values,
    example,
    merged,
    notes,
    objects_of,
    render,
    render_files,
    scenario,
)
from tests.deploy.consumer_groups import PATH as CONSUMER_GROUPS
from tests.deploy.consumer_groups import consumer_groups
from tests.deploy.objects import containers, main_container, of_kind, pod_of, scaled_targets, workloads
from tests.deploy.reachability import reachable_outside, reachable_pods

COMMANDS = ("api", "consumer", "worker", "relay")


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", SCENARIOS)
def test_rule_holds(name: str, rule: rules.Rule) -> None:
    assert rule(scenario(name)) == []


def _first(objects: list[Object], kind: str) -> Object:
    return of_kind(objects, kind)[0]


def _deployment(objects: list[Object], name: str) -> Object:
    return next(item for item in of_kind(objects, "Deployment") if item["metadata"]["name"] == f"maillage-{name}")


def _container(objects: list[Object], name: str = "finance-api") -> Object:
    return containers(_deployment(objects, name))[0]


def _hook_pod(objects: list[Object]) -> Object:
    return pod_of(_first(objects, "Job"))


def _variable(container: Object, name: str) -> Object:
    return next(copy.deepcopy(variable) for variable in container["env"] if variable["name"] == name)


PLANTED: list[tuple[rules.Rule, Callable[[list[Object]], object]]] = [
    (rules.valid, lambda o: _container(o).update(imagePullPolice="Always")),
    (rules.names, lambda o: o.append(copy.deepcopy(o[0]))),
    (rules.names, lambda o: o[0]["metadata"].update(name="x" * 64)),
    (rules.selectors, lambda o: _deployment(o, "finance-api")["spec"]["selector"]["matchLabels"].pop(
        "app.kubernetes.io/component")),
    (rules.selectors, lambda o: _first(o, "NetworkPolicy")["spec"]["podSelector"].update(matchLabels={"a": "b"})),
    (rules.closed_references, lambda o: o.remove(_first(o, "ConfigMap"))),
    (rules.closed_references, lambda o: pod_of(_deployment(o, "finance-api")).update(serviceAccountName="other")),
    (rules.closed_hooks, lambda o: _hook_pod(o).update(serviceAccountName="maillage-finance")),
    (rules.closed_hooks, lambda o: _hook_pod(o)["containers"][0].update(
        envFrom=[{"configMapRef": {"name": "maillage-finance"}}])),
    (rules.hooks_are_kept, lambda o: _first(o, "Job")["metadata"]["annotations"].update(
        {"helm.sh/hook-delete-policy": "hook-succeeded"})),
    (rules.replicas_or_scaler, lambda o: _deployment(o, "finance-api")["spec"].update(replicas=2)),
    (rules.replicas_or_scaler, lambda o: _deployment(o, "finance-relay")["spec"].pop("replicas")),
    (rules.restricted, lambda o: pod_of(_deployment(o, "portal"))["securityContext"].pop("runAsNonRoot")),
    (rules.restricted, lambda o: _container(o)["securityContext"].update(readOnlyRootFilesystem=False)),
    (rules.restricted, lambda o: _hook_pod(o).pop("automountServiceAccountToken")),
    (rules.resources, lambda o: _container(o)["resources"]["limits"].update(cpu="1")),
    (rules.probes, lambda o: _container(o)["livenessProbe"]["httpGet"].update(path="/health/ready")),
    (rules.grace, lambda o: pod_of(_deployment(o, "finance-api")).update(terminationGracePeriodSeconds=15)),
    (rules.grace, lambda o: _container(o).pop("lifecycle")),
    (rules.rollout, lambda o: _deployment(o, "finance-api")["spec"]["template"]["metadata"].update(annotations={})),
    (rules.spread, lambda o: pod_of(_deployment(o, "finance-api"))["topologySpreadConstraints"][0].update(
        whenUnsatisfiable="DoNotSchedule")),
    (rules.budgets, lambda o: o.remove(_first(o, "PodDisruptionBudget"))),
    (rules.modules, lambda o: _container(o).update(args=["finance.run_everything"])),
    (rules.settings, lambda o: _container(o)["env"].append({"name": "FINANCE_KAFKA_SERVERS", "value": "kafka"})),
    (rules.least_privilege, lambda o: _container(o)["env"].append(
        _variable(_container(o, "finance-relay"), "FINANCE_RELAY_DATABASE_URL"))),
    (rules.monitored, lambda o: o.remove(_first(o, "ServiceMonitor"))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "plant"), PLANTED, ids=[rule.__name__ for rule, _ in PLANTED])
def test_rule_finds_a_planted_fault(rule: rules.Rule, plant: Callable[[list[Object]], object]) -> None:
    objects = scenario("everything")
    plant(objects)
    assert rule(objects)


def test_every_rule_has_been_seen_to_fail() -> None:
    assert {rule for rule, _ in PLANTED} == set(rules.RULES)


@pytest.mark.parametrize("name", SCENARIOS)
def test_rendered_twice_is_the_same(name: str) -> None:
    """No random password, no date: an upgrade that changes nothing changes nothing."""
    assert render_files(SCENARIOS[name]) == render_files(SCENARIOS[name])


def test_templates_ask_neither_chance_nor_the_cluster() -> None:
    forbidden = re.compile(r"\b(rand\w+|gen\w+Cert|genCA|genPrivateKey|uuidv4|now|lookup|Capabilities)\b")
    found = {
        path.name: forbidden.findall(text)
        for path in (CHART / "templates").glob("*")
        if (text := "\n".join(re.findall(r"\{\{.*?\}\}", path.read_text(), re.DOTALL)))
    }
    assert {name: words for name, words in found.items() if words} == {}
    assert forbidden.findall('{{ lookup "v1" "Secret" }} {{ randAlphaNum 8 }}') == ["lookup", "randAlphaNum"]


def test_every_service_runs_every_command() -> None:
    found = {item["metadata"]["name"] for item in of_kind(scenario("defaults"), "Deployment")}
    assert found == {f"maillage-{name}-{command}" for name in SERVICES for command in COMMANDS} | {"maillage-portal"}


def test_the_selector_stays_what_it_was_at_installation() -> None:
    """A Deployment's selector cannot be changed: nothing that an operator or a new version changes may be in it."""
    before, after = render({}), render({"commonLabels": {"a": "b"}, "image": {"tag": "2"}})
    selectors = [[item["spec"]["selector"] for item in of_kind(objects, "Deployment")] for objects in (before, after)]
    assert selectors[0] == selectors[1]


@pytest.mark.parametrize(
    "values", [{"global": {"imageRegistry": "mirror.example"}}, {"image": {"registry": "mirror.example"}}]
)
def test_every_image_comes_from_the_mirror(values: Values) -> None:
    objects = render(merged(EVERYTHING, values))
    images = [container["image"] for item in workloads(objects) for container in containers(item)]
    assert images
    assert [image for image in images if not image.startswith("mirror.example/maillage/")] == []


def test_a_digest_wins_over_the_tag() -> None:
    parts = {"services": {name: {"image": {"digest": DIGEST}} for name in SERVICES}}
    objects = render(merged(parts, {"portal": {"image": {"digest": DIGEST}}, "doctor": {"image": {"digest": DIGEST}}}))
    images = {container["image"] for item in workloads(objects) for container in containers(item)}
    assert images == {f"maillage/{name}@{DIGEST}" for name in (*SERVICES, "portal", "tools")}


def test_pull_secrets_reach_every_pod() -> None:
    objects = render({"global": {"imagePullSecrets": ["mirror", {"name": "other"}]}})
    assert all(
        pod_of(item)["imagePullSecrets"] == [{"name": "mirror"}, {"name": "other"}] for item in workloads(objects)
    )


def test_special_values_win_and_others_stay() -> None:
    values = {
        "defaults": {"relay": {"replicas": 2}},
        "services": {"finance": {"process": {"databaseConnectionsMax": 3}, "relay": {"replicas": 0}}},
    }
    objects = render(values)
    replicas = {name: _deployment(objects, f"{name}-relay")["spec"]["replicas"] for name in SERVICES}
    assert replicas == {name: 0 if name == "finance" else 2 for name in SERVICES}
    pools = {name: _pool(objects, name) for name in SERVICES}
    assert pools == {name: "3" if name == "finance" else "10" for name in SERVICES}


def _pool(objects: list[Object], service: str) -> str:
    environment = {item["name"]: item for item in _container(objects, f"{service}-api")["env"]}
    value: str = environment[f"{service.upper()}_DATABASE_CONNECTIONS_MAX"]["value"]
    return value


def test_openshift_chooses_the_user() -> None:
    for item in workloads(scenario("openshift")):
        assert set(pod_of(item)["securityContext"]) == {"runAsNonRoot", "seccompProfile"}


@pytest.mark.parametrize("mode", ["hook", "job", "external"])
def test_migrations_run_as_asked(mode: str) -> None:
    jobs = [
        item
        for item in of_kind(render({"migrations": {"mode": mode}}), "Job")
        if "migrations" in item["metadata"]["name"]
    ]
    hooks = [item["metadata"].get("annotations", {}).get("helm.sh/hook") for item in jobs]
    assert hooks == {"hook": ["pre-install,pre-upgrade"] * 5, "job": [None] * 5, "external": []}[mode]


def test_a_plain_migration_job_is_a_new_one_at_each_revision() -> None:
    """The Pods of a Job cannot be changed: an upgrade under the same name would fail."""
    values = {"migrations": {"mode": "job"}, "doctor": {"test": False}}
    first, second = (objects_of(render_files(values, revision=number)) for number in (1, 2))
    names = [{item["metadata"]["name"] for item in of_kind(objects, "Job")} for objects in (first, second)]
    assert len(names[0]) == len(names[1]) == 5
    assert names[0].isdisjoint(names[1])


@pytest.mark.parametrize("mode", ["hook", "job", "external"])
def test_pods_wait_for_migrations_that_do_not_run_before_them(mode: str) -> None:
    """With the role that they work as themselves: the owner's address is for the migrations only."""
    deployments = of_kind(render({"migrations": {"mode": mode}}), "Deployment")
    waiting = {
        item["metadata"]["name"]: (container["args"], *(variable["name"] for variable in container["env"]))
        for item in deployments
        for container in pod_of(item).get("initContainers", [])
    }
    roles = {"api": "API", "consumer": "WORKER", "worker": "WORKER", "relay": "RELAY"}
    expected = {
        f"maillage-{name}-{command}": ([f"{name}.run_migrations", "--wait"], f"{name.upper()}_{role}_DATABASE_URL")
        for name in SERVICES
        for command, role in roles.items()
    }
    assert waiting == ({} if mode == "hook" else expected)


def test_kafka_is_met_as_each_service_is_known_there() -> None:
    objects = scenario("everything")
    settings = {item["metadata"]["name"]: item["data"] for item in of_kind(objects, "ConfigMap") if "data" in item}
    found = {name: settings[f"maillage-{name}"][f"{name.upper()}_KAFKA_USERNAME"] for name in (*SERVICES, "portal")}
    assert found == dict.fromkeys((*SERVICES, "portal"), "maillage") | {"partners": "partners-at-kafka"}
    volumes = {volume["name"]: volume for volume in pod_of(_deployment(objects, "finance-relay"))["volumes"]}
    assert [source["secret"] for source in volumes["kafka"]["projected"]["sources"]] == [
        {"name": "kafka-authority", "items": [{"key": "ca.crt", "path": "ca.crt"}]},
        {"name": "finance-at-kafka", "items": [{"key": "password", "path": "finance/password"}]},
    ]


@pytest.mark.parametrize(
    ("name", "parameters", "sasl"),
    [
        ("everything", {"username", "password", "ca"}, "scram_sha512"),
        ("certificates at Kafka", {"cert", "key", "ca"}, "none"),
    ],
)
def test_keda_asks_for_the_lag_as_the_consumer_would(name: str, parameters: set[str], sasl: str) -> None:
    objects = scenario(name)
    proofs = {item["metadata"]["name"]: item["spec"] for item in of_kind(objects, "TriggerAuthentication")}
    for item in of_kind(objects, "ScaledObject"):
        for trigger in item["spec"]["triggers"]:
            assert (trigger["metadata"]["tls"], trigger["metadata"]["sasl"]) == ("enable", sasl)
            proof = proofs[trigger["authenticationRef"]["name"]]
            shown = {entry["parameter"] for entry in [*proof.get("env", []), *proof["secretTargetRef"]]}
            assert shown == parameters
    assert len(proofs) == len(SERVICES)
    assert of_kind(render({"defaults": {"consumer": {"keda": {"enabled": True}}}}), "TriggerAuthentication") == []


def test_the_doctor_looks_before_the_migrations() -> None:
    weights = {
        item["metadata"]["name"]: int(item["metadata"]["annotations"]["helm.sh/hook-weight"])
        for item in of_kind(scenario("everything"), "Job")
    }
    assert weights["maillage-doctor-before"] < min(weight for name, weight in weights.items() if "migrations" in name)


def test_who_may_reach_whom() -> None:
    objects = scenario("everything")
    assert reachable_pods(objects) == {("portal api", f"{name} api") for name in SERVICES}
    apis = {f"{name} api": {"postgresql", "signIn"} for name in SERVICES}
    background = {f"{name} {command}": {"postgresql", "kafka"} for name in SERVICES
                  for command in ("consumer", "worker", "relay", "migrations")}  # fmt: skip
    background["notifications worker"] = {"postgresql", "kafka", "mail"}
    background["backup backup"] = {"postgresql", "kafka"}
    others = {"portal api": {"kafka", "signIn"}, "doctor doctor": {"postgresql", "kafka", "signIn", "mail"}}
    assert reachable_outside(objects) == apis | background | others


def test_reachability_sees_a_planted_hole() -> None:
    objects = scenario("everything")
    policies = [
        item for item in of_kind(objects, "NetworkPolicy") if item["metadata"]["name"] == "maillage-finance-api"
    ]
    policies[0]["spec"]["ingress"].append({})
    policies[0]["spec"]["egress"].append({})
    assert ("portal api", "finance api") in reachable_pods(objects)
    assert ("finance api", "activities api") not in reachable_pods(objects), "the other end does not allow it"
    objects.remove(next(item for item in objects if item["metadata"]["name"] == "maillage-activities-api"
                        and item["kind"] == "NetworkPolicy"))  # fmt: skip
    assert "mail" in reachable_outside(objects)["finance api"]
    assert reachable_pods(render({"networkPolicies": {"enabled": False}})) > reachable_pods(objects)


def test_both_entrances_know_every_service() -> None:
    objects = scenario("everything")
    rules_of_route = _first(objects, "HTTPRoute")["spec"]["rules"]
    route = {rule["matches"][0]["path"]["value"]: rule["backendRefs"][0]["name"] for rule in rules_of_route}
    paths = _first(objects, "Ingress")["spec"]["rules"][0]["http"]["paths"]
    expected = {f"/api/{name}": f"maillage-{name}" for name in SERVICES} | {"/": "maillage-portal"}
    assert route == expected
    assert {path["path"]: path["backend"]["service"]["name"] for path in paths} == expected


def test_consumers_are_scaled_on_what_they_really_read() -> None:
    assert yaml.safe_load(CONSUMER_GROUPS.read_text()) == consumer_groups()
    triggers = {
        (trigger["metadata"]["consumerGroup"], trigger["metadata"]["topic"])
        for item in of_kind(scenario("everything"), "ScaledObject")
        for trigger in item["spec"]["triggers"]
    }
    groups = consumer_groups()
    assert triggers == {
        (group, topic) for service in groups.values() for group, topics in service.items() for topic in topics
    }


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"services": {"finnance": {}}}, "finnance"),
        ({"services": {"finance": {"api": {"replica": 2}}}}, "replica"),
        ({"logLevel": "LOUD"}, "logLevel"),
        ({"image": {"pullPolicy": "Sometimes"}}, "pullPolicy"),
        ({"publicUrls": ["maillage.example.org"]}, "publicUrls"),
        ({"services": {"finance": {"image": {"digest": "sha256:12"}}}}, "digest"),
        ({"replicaCount": 2}, "replicaCount is not a value of this chart: use defaults.<command>.replicas"),
        ({"kafka": {"bootstrapServers": ""}}, "kafka.bootstrapServers: say where Kafka is"),
        ({"signIn": {"issuer": ""}}, "signIn.issuer: say which OpenID Connect provider"),
        ({"kafka": {"securityProtocol": "SASL_SSL"}}, "kafka.user.existingSecret: name the Secret with"),
        ({"kafka": {"securityProtocol": "TLS"}}, "securityProtocol"),
        ({"backup": {"enabled": True}}, "backup.existingClaim: name the PersistentVolumeClaim"),
        ({"databaseKeys": {"auditor": ""}}, "auditor"),
        ({"mail": {"host": ""}}, "mail.host: say through which mail server"),
        ({"services": {"finance": {"database": {"existingSecret": ""}}}}, "services.finance.database.existingSecret"),
        ({"services": {"finance": {"consumer": {"keda": {"enabled": True}, "autoscaling": {"enabled": True}}}}},
         "finance consumer: autoscaling and keda both want to decide"),
        ({"services": {"finance": {"api": {"keda": {"enabled": True, "minReplicas": 1, "maxReplicas": 2}}}}},
         "keda scales consumers only"),
        ({"defaults": {"consumer": {"keda": {"enabled": True, "maxReplicas": 9}}}},
         "more replicas than partitions (8)"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_a_sentence(values: Values, sentence: str) -> None:
    with pytest.raises(helm_python.HelmError) as refusal:
        render(values)
    assert sentence in str(refusal.value)


def test_every_old_name_is_refused_with_what_replaces_it() -> None:
    renamed: dict[str, str] = yaml.safe_load((CHART / "files" / "renamed-values.yaml").read_text())
    for old, new in renamed.items():
        with pytest.raises(helm_python.HelmError, match=re.escape(f"{old} is not a value of this chart: {new}")):
            render({old: {}})


def test_the_chart_can_be_a_part_of_another_one(tmp_path: Path) -> None:
    """A strict schema must let `global` and the parent's `enabled` through."""
    parent = tmp_path / "parent"
    shutil.copytree(CHART, parent / "charts" / "maillage")
    dependency = {"name": "maillage", "version": "0.1.0", "condition": "maillage.enabled"}
    (parent / "Chart.yaml").write_text(yaml.safe_dump(
        {"apiVersion": "v2", "name": "parent", "version": "1.0.0", "dependencies": [dependency]}))  # fmt: skip
    theirs = {"global": {"imageRegistry": "mirror.example", "theirs": 1}, "maillage": {**NEEDED, "enabled": True}}
    (parent / "values.yaml").write_text(yaml.safe_dump(theirs))
    objects = objects_of(helm_python.Chart.load(parent).render({}, name="parent", namespace="maillage"))
    images = [container["image"] for item in workloads(objects) for container in containers(item)]
    assert len(images) == 27
    assert all(image.startswith("mirror.example/") for image in images)


def test_helm_finds_nothing_to_say() -> None:
    report = helm_python.lint(CHART, NEEDED, strict=True, namespace="maillage", kube_version="v1.34.0")
    assert [message for message in report["messages"] if message["severity"] > 1] == []


def test_notes_show_what_is_in_force_and_what_is_risky() -> None:
    text = notes({})
    assert "https://maillage.example.org" in text
    assert "at most 310 connections" in text
    assert "WARNING: Nobody outside the cluster reaches the portal" in text
    small = notes(example("three-associations"))
    assert "at most 90 connections" in small
    assert "kafka.topicReplicas is below 3" in small
    large = notes(example("five-hundred-associations"))
    assert re.search(r"finance +2 +2 to 8 +2 +2", large)
    assert "WARNING: The portal has more than one replica" in large


def test_only_the_worker_that_notes_erasures_has_their_journal() -> None:
    def noting(name: str) -> list[str]:
        processes = {item["metadata"]["name"]: main_container(item) for item in of_kind(scenario(name), "Deployment")}
        told = {name: [one["value"] for one in process["env"] if one["name"] == "ACTIVITIES_ERASURES_JOURNAL_PATH"]
                for name, process in processes.items()}  # fmt: skip
        mounted = [name for name, process in processes.items()
                   if any(mount["mountPath"] == "/journal" for mount in process["volumeMounts"])]  # fmt: skip
        assert mounted == [name for name, paths in told.items() if paths == ["/journal/erasures.jsonl"]]
        return mounted

    assert noting("everything") == ["maillage-activities-worker"]
    assert noting("defaults") == []
    assert "WARNING: erasures.existingClaim is empty" in notes({})


def test_the_reasoning_of_the_examples_counts_right() -> None:
    for name in ("three-associations", "five-hundred-associations"):
        comment = (CHART / "examples" / f"{name}.yaml").read_text()
        told = re.search(r"at most (\d+) connections", notes(example(name)))
        assert told is not None
        assert f"{told[1]} connections" in comment


def test_alerts_and_dashboards_are_taken_along() -> None:
    objects = scenario("everything")
    alerts = sorted((ROOT / "deploy" / "alerts").glob("*.yaml"))
    dashboards = sorted((ROOT / "deploy" / "dashboards").glob("*.json"))
    assert len(of_kind(objects, "PrometheusRule")) == len(alerts)
    carried = {
        name for item in of_kind(objects, "ConfigMap") for name in item.get("data", {}) if name.endswith(".json")
    }
    assert carried == {path.name for path in dashboards}


def test_scaled_is_what_was_asked_for() -> None:
    assert scaled_targets(scenario("defaults")) == []
    assert len(scaled_targets(scenario("everything"))) == 3 * len(SERVICES)
