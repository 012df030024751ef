"""Alerts, runbooks, rule tests, panels and metrics belong together: none without the others."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from maillage.dashboards import DASHBOARDS, dashboard_of
from maillage.objectives import HEAD, Objectives, read_objectives, rules_of
from tests.architecture.source_tree import ROOT
from tests.architecture.test_docs import metric_names

ALERTS = ROOT / "deploy" / "alerts"
RUNBOOKS = ROOT / "docs" / "operate" / "runbooks"
RULE_TESTS = Path(__file__).parent / "rules.test.yaml"
HEADINGS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]
NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\bslo:[a-z_0-9:]+")
WORDS_OF_THE_LANGUAGE = {
    "histogram_quantile", "label_values", "group_left",
}  # fmt: skip


def rules() -> list[dict[str, Any]]:
    files = sorted(ALERTS.glob("*.yaml"))
    return [rule for file in files for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def panels() -> list[dict[str, Any]]:
    files = sorted((ROOT / "deploy" / "dashboards").glob("*.json"))
    return [panel for file in files for panel in json.loads(file.read_text())["panels"]]


def unknown_names(expression: str, known: set[str]) -> set[str]:
    """Names of series in an expression that nobody makes; names of labels and their values are left out."""
    bare = re.sub(r"\{[^}]*\}|\b(?:by|on|without|ignoring) \([^)]*\)|\[[^\]]*\]", "", expression)
    named = set(NAME.findall(bare)) - WORDS_OF_THE_LANGUAGE
    return {name for name in named if re.sub(r"_(bucket|count|sum)$", "", name) not in known and name not in known}


def known_series() -> set[str]:
    return metric_names() | {rule["record"] for rule in rules() if "record" in rule}


def test_every_alert_has_a_runbook_of_four_parts_and_every_runbook_an_alert() -> None:
    written = {path.name for path in RUNBOOKS.glob("*.md")}
    named = {name: Path(alert["annotations"]["runbook_url"]) for name, alert in alerts().items()}
    assert {path.name for path in named.values()} == written
    for name, path in named.items():
        text = (ROOT / path).read_text()
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS, path
        assert f"Alert `{name}`" in text, path


def test_every_alert_is_of_a_known_severity_and_says_what_is_wrong() -> None:
    for name, alert in alerts().items():
        assert alert["labels"]["severity"] in ("page", "ticket"), name
        assert alert["annotations"]["summary"].endswith("."), name


def test_every_alert_has_a_panel() -> None:
    shown = {alert for _, made in DASHBOARDS.values() for panel in made for alert in panel.alerts}
    assert shown == set(alerts())


def test_every_alert_has_a_rule_test_that_fires_and_one_that_does_not() -> None:
    cases = [case for test in yaml.safe_load(RULE_TESTS.read_text())["tests"] for case in test["alert_rule_test"]]
    fires = {case["alertname"] for case in cases if case.get("exp_alerts")}
    silent = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    assert fires == set(alerts())
    assert silent == set(alerts())


def test_every_series_named_exists() -> None:
    known = known_series()
    expressions = [rule["expr"] for rule in rules()]
    expressions += [target["expr"] for panel in panels() for target in panel["targets"]]
    assert {name for expression in expressions for name in unknown_names(expression, known)} == set()


@pytest.mark.parametrize("expression", ["sum(outbox_unpublished_evnts)", "slo:errors:ratio_rate7h > 1"])
def test_a_series_that_nobody_makes_is_seen(expression: str) -> None:
    assert unknown_names(expression, known_series())


def test_the_rules_of_the_objectives_are_fresh() -> None:
    text = (ALERTS / "slo.yaml").read_text()
    assert text.startswith(HEAD)
    assert yaml.safe_load(text) == rules_of(read_objectives()), "say make docs"


def test_every_target_is_a_series() -> None:
    targets = {
        rule["labels"]["objective"]: rule["expr"] for rule in rules() if rule.get("record") == "slo:target_ratio"
    }
    assert targets == {name: f"vector({one.target})" for name, one in read_objectives().objectives.items()}


def test_an_objective_with_two_sides_is_refused() -> None:
    one = {"promise": "It works.", "target": 0.9, "total": "a_b", "bad": "a_c", "good": "a_d"}
    with pytest.raises(ValueError, match="either what is bad or what is good"):
        Objectives.model_validate({"window_days": 30, "objectives": {"planted": one}})


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_dashboards_are_fresh(name: str) -> None:
    path = ROOT / "deploy" / "dashboards" / f"{name}.json"
    assert json.loads(path.read_text()) == dashboard_of(name), "say make docs"


@pytest.mark.parametrize("command", [["check", "rules"], ["test", "rules"]], ids=" ".join)
def test_prometheus_itself_agrees(command: list[str]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: the Debian package prometheus has it")
    files = [RULE_TESTS] if command[0] == "test" else sorted(ALERTS.glob("*.yaml"))
    done = subprocess.run([promtool, *command, *files], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
