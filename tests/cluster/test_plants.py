"""The faults that `make cluster-test PLANT=…` plants still fit the chart; whether they are noticed takes a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.plants import PLANTS, chart_with
from tests.cluster.scenarios import SCENARIOS, VALUES
from tests.deploy.chart import render_files


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_changes_what_is_rendered(name: str, tmp_path: Path) -> None:
    assert PLANTS[name].scenario in {scenario.__name__ for scenario in SCENARIOS}
    planted = render_files(VALUES, chart_with(name, tmp_path))
    assert planted != render_files(VALUES, chart_with("", tmp_path))
