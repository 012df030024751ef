"""Faults that can be planted into a copy of the chart: with `PLANT=<name>` the scenario named beside it must fail."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.chart import CHART


@dataclass(frozen=True)
class Plant:
    """A text of a file of the chart in the place of another, and who must notice."""

    path: str
    text: str
    planted: str
    scenario: str


PLANTS = {
    "replicas": Plant(
        "templates/_deployment.tpl",
        '{{- if not (include "maillage.isScaled" $process) }}',
        "{{- if true }}",
        "keep_what_the_autoscaler_chose",
    ),
    "budgets": Plant("templates/poddisruptionbudgets.yaml", "maxUnavailable: 1", "maxUnavailable: 2", "drain_a_node"),
    "hooks": Plant(
        "templates/migrations.yaml",
        "helm.sh/hook: pre-install,pre-upgrade",
        "helm.sh/hook: post-install,post-upgrade",
        "stop_at_a_failing_migration",
    ),
}


def chart_with(name: str, folder: Path) -> Path:
    """The chart, with the named fault in it; without a name as it is."""
    if not name:
        return CHART
    plant, copy = PLANTS[name], folder / "chart"
    shutil.copytree(CHART, copy)
    path = copy / plant.path
    assert plant.text in path.read_text(), f"{plant.path} does not say {plant.text}"
    path.write_text(path.read_text().replace(plant.text, plant.planted))
    return copy
