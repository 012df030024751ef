"""The report, its page, and the declared topics."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from maillage.declared_topics import read_topics, topics_of_the_contracts
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import PAGE
from maillage.doctor.report import checks_before_installation
from maillage.main import app
from tests.architecture.source_tree import ROOT


def test_every_check_has_its_paragraph_and_every_paragraph_its_check() -> None:
    headings = re.findall(r"^### ([a-z-]+)$", (ROOT / PAGE).read_text(), re.MULTILINE)
    assert headings == [check.id for check in CHECKS]


def test_topics_are_declared_as_the_contracts_have_them() -> None:
    assert read_topics() == topics_of_the_contracts(), "say make docs"


def test_a_wrong_declaration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text("topics: {activities.bookings: {partitions: 8, replicas: 3, cleanup: delete, retension_hours: 1}}")
    with pytest.raises(ValueError, match="retension_hours"):
        read_topics(path)


def test_as_json_it_says_what_failed_and_where_to_read(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["doctor", "--pre", "--json"])
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert not report["healthy"]
    assert [check["id"] for check in report["checks"]] == [check.id for check in checks_before_installation()]
    [broken] = [check for check in report["checks"] if check["state"] == "failed"]
    assert broken["id"] == "kafka-reachable"
    assert broken["link"] == "docs/operate/doctor.md#kafka-reachable"


def test_without_a_platform_it_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--directory", str(tmp_path)])
    assert done.exit_code == 2
    assert "start it with `maillage up`" in done.stdout
