"""The examples beside the chart, and the Compose file: they say what the code says."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from contracts.schemas import all_events
from contracts.topics import TOPICS
from maillage.compose import PURPOSES
from maillage.main import app
from portal import live
from tests.architecture.event_map import handlers_of
from tests.architecture.source_tree import ROOT
from tests.deploy.chart import SERVICES
from tests.deploy.kafka_topics import ACCOUNTS, PATH, grants_of, manifests

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: part for name, part in COMPOSE["services"].items()
        if name not in ("postgres", "kafka", "prometheus", "grafana")}  # fmt: skip


def test_strimzi_makes_the_declared_topics() -> None:
    written = list(yaml.safe_load_all(PATH.read_text()))
    assert written == manifests(), "make docs"
    topics = {item["spec"]["topicName"] for item in written if item["kind"] == "KafkaTopic"}
    assert topics == set(TOPICS)


def granted(grants: list[dict[str, Any]], operation: str, kind: str = "topic") -> set[str]:
    """What an account may do an operation to, by name."""
    return {
        grant["resource"]["name"]
        for grant in grants
        if grant["resource"]["type"] == kind and operation in grant["operations"]
    }


def used_by(service: str) -> dict[str, set[str]]:
    """The topics of the events that a service publishes and handles, and its groups."""
    handled = [
        (event.topic, one.group)
        for event in all_events()
        for one in handlers_of(event)
        if one.group.startswith(f"{service}.")
    ]
    return {
        "written": {event.topic for event in all_events() if event.__module__ == f"contracts.{service}"},
        "read": {topic for topic, _ in handled},
        "groups": {group for _, group in handled},
    }


def granted_to(grants: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What an account may write and read, and as which groups."""
    return {
        "written": granted(grants, "Write"),
        "read": granted(grants, "Read"),
        "groups": granted(grants, "Read", "group"),
    }


@pytest.mark.parametrize("service", SERVICES)
def test_an_account_may_what_its_service_does_and_nothing_else(service: str) -> None:
    grants: list[dict[str, Any]] = grants_of(service)
    assert granted_to(grants) == used_by(service)
    assert {operation for grant in grants for operation in grant["operations"]} == {
        "Describe", "DescribeConfigs", "Read", "Write",
    }  # fmt: skip
    assert granted_to(grants[:-1]) != used_by(service), "a group too few is seen"
    foreign = {
        "resource": {"type": "topic", "name": "partners.plans", "patternType": "literal"},
        "operations": ["Read"],
    }
    assert granted_to([*grants, foreign]) != used_by(service), "a topic too many is seen"


def test_the_portal_reads_what_makes_its_pages_live_and_writes_nothing() -> None:
    grants: list[dict[str, Any]] = grants_of("portal")
    assert granted_to(grants) == {"written": set(), "read": set(live.TOPICS), "groups": set()}


def test_the_accounts_of_strimzi_have_these_grants() -> None:
    users = {item["metadata"]["name"]: item["spec"] for item in manifests() if item["kind"] == "KafkaUser"}  # type: ignore[index]
    assert users.keys() == {f"maillage-{account}" for account in ACCOUNTS}
    assert {name: spec["authorization"]["acls"] for name, spec in users.items()} == {
        f"maillage-{account}": grants_of(account) for account in ACCOUNTS
    }


def unconfined(parts: dict[str, Any]) -> list[str]:
    """Parts of ours that Compose would start with more than the chart allows."""
    return [
        name
        for name, part in parts.items()
        if part.get("user") != "65532:65532"
        or part.get("read_only") is not True
        or part.get("cap_drop") != ["ALL"]
        or part.get("security_opt") != ["no-new-privileges:true"]
    ]


def test_compose_keeps_to_the_constraints_of_the_chart() -> None:
    assert unconfined(OURS) == []
    assert unconfined({"planted": {**OURS["portal"], "read_only": False}}) == ["planted"]
    running = [name for name, part in OURS.items() if part.get("restart") == "unless-stopped"]
    assert [name for name in running if "mem_limit" not in OURS[name]] == []


def test_compose_runs_every_command_of_every_service() -> None:
    commands = {part["command"][0] for part in OURS.values()}
    expected = {f"{service}.run_{command}" for service in SERVICES for command in PURPOSES}
    assert expected | {"portal.run_api"} <= commands


def test_every_process_waits_for_its_migrations() -> None:
    for service in SERVICES:
        for command in set(PURPOSES) - {"migrations"}:
            needed = OURS[f"{service}-{command}"]["depends_on"]
            assert needed[f"{service}-migrations"]["condition"] == "service_completed_successfully"
            assert needed["kafka"]["condition"] == "service_healthy"


def test_no_port_is_open_to_others() -> None:
    ports = [port for part in COMPOSE["services"].values() for port in part.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_settings_are_written_for_every_process_and_kept(tmp_path) -> None:  # type: ignore[no-untyped-def]
    directory = tmp_path / "settings"
    assert CliRunner().invoke(app, ["compose", str(directory)]).exit_code == 0
    wanted = {path for part in OURS.values() for path in part.get("env_file", [])}
    wanted |= {
        volume.split(":")[0].removeprefix("./")
        for part in COMPOSE["services"].values()
        for volume in part.get("volumes", [])
        if volume.startswith("./deploy/compose/settings")
    }
    assert {f"deploy/compose/settings/{path.name}" for path in directory.iterdir()} >= wanted
    before = {path.name: path.read_text() for path in directory.iterdir()}
    changed = CliRunner().invoke(app, ["compose", str(directory), "--portal-url", "https://maillage.example.org"])
    assert changed.exit_code == 0
    after = {path.name: path.read_text() for path in directory.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {
        "portal.env", "identity.json", "running.json", "doctor.env",
        *(f"notifications-{command}.env" for command in PURPOSES),
    }  # fmt: skip
    assert after["portal.env"].count("https://maillage.example.org") == 1


def test_each_process_is_told_its_own_database_roles_only(tmp_path) -> None:  # type: ignore[no-untyped-def]
    CliRunner().invoke(app, ["compose", str(tmp_path / "settings")])
    for service in SERVICES:
        for command, purposes in PURPOSES.items():
            text = (tmp_path / "settings" / f"{service}-{command}.env").read_text()
            told = set(re.findall(r"^\w+_DATABASE_URL", text, re.MULTILINE))
            assert told == {f"{service}_{purpose}_DATABASE_URL".upper() for purpose in purposes}
            assert set(re.findall(r"//(\w+):", text)) >= {f"{service}_{purpose}" for purpose in purposes}


def test_secrets_are_those_that_the_chart_expects(tmp_path) -> None:  # type: ignore[no-untyped-def]
    passwords = tmp_path / "passwords.json"
    options = ["databases", "secrets", "--passwords", str(passwords), "--server"]
    done = CliRunner().invoke(app, [*options, "postgresql://db.example.org:5432?sslmode=verify-full"])
    values = yaml.safe_load((ROOT / "deploy" / "helm" / "maillage" / "values.yaml").read_text())
    found = {item["metadata"]["name"]: item["stringData"] for item in yaml.safe_load_all(done.stdout) if item}
    assert set(found) == {part["database"]["existingSecret"] for part in values["services"].values()}
    assert all(set(data) == {*values["databaseKeys"].values(), "backup-url"} for data in found.values())
    assert found["maillage-finance-database"]["api-url"].endswith("@db.example.org:5432/finance?ssl=verify-full")


def test_prometheus_asks_every_process() -> None:
    configuration = yaml.safe_load((ROOT / "deploy" / "compose" / "prometheus.yml").read_text())
    targets = {
        target
        for job in configuration["scrape_configs"]
        for part in job["static_configs"]
        for target in part["targets"]
    }
    assert targets == {f"{name}:8000" for name, part in OURS.items() if part.get("command", [""])[0].split(".")[-1]
                       in ("run_api", "run_consumer", "run_worker", "run_relay")}  # fmt: skip
