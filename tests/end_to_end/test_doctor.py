"""The doctor beside a running platform: well when it is, and right about what was taken away."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from maillage.main import app
from maillage.stack import running_stack

pytestmark = pytest.mark.timeout(400)
PATIENCE_SECONDS = 60


def examine(directory: Path) -> dict[str, dict[str, Any]]:
    """The checks by their ids, as a program reads them."""
    done = CliRunner().invoke(app, ["doctor", "--json", "--directory", str(directory)])
    report = json.loads(done.stdout)
    assert report["healthy"] == (done.exit_code == 0)
    return {check["id"]: check for check in report["checks"]}


def failed(checks: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, check in checks.items() if check["state"] == "failed"}


def test_the_doctor_is_right(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    with running_stack(directory, durable=False) as stack:
        wait_for(directory, set())
        stack.services["finance"].kill()
        wait_for(directory, {"outbox", "consumer-progress"})
        checks = examine(directory)
        found = [
            finding["sentence"] for name in ("outbox", "consumer-progress") for finding in checks[name]["findings"]
        ]
        assert any(sentence.startswith("No relay of finance runs") for sentence in found)
        assert any(sentence.startswith("Nobody reads for the group finance.charges") for sentence in found)
        stack.services["finance"].start()
        wait_for(directory, set())


def wait_for(directory: Path, wanted: set[str]) -> None:
    """A broker notices a member that died after its session; a new one joins in a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := failed(examine(directory))) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.5)
