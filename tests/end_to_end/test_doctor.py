"""The doctor beside a running platform: well when it is, and right about what was taken away."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
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
        wait_for(directory, lambda found: not found)
        stack.services["finance"].stop()
        # The embedded broker may keep the members of a group that are gone: consumers are tested on the real one.
        wait_for(directory, lambda found: found - {"consumer-progress"} == {"outbox"})
        said = [finding["sentence"] for finding in examine(directory)["outbox"]["findings"]]
        assert [sentence for sentence in said if sentence.startswith("No relay of finance runs")]
        stack.services["finance"].start()
        wait_for(directory, lambda found: not found)


def wait_for(directory: Path, holds: Callable[[set[str]], bool]) -> None:
    """The failed checks, until they are what is expected."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds(found := failed(examine(directory))):
        assert time.monotonic() < deadline, found
        time.sleep(0.5)
