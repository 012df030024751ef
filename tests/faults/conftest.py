"""A run with a planted fault plays only the row that must turn red."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.logging import configure
from maillage.embedded.broker_choice import ChosenBroker, choose_broker
from tests.faults.plants import GUARDS, planted


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    guard = planted()
    if not guard:
        return
    if guard not in GUARDS:
        raise pytest.UsageError(f"PLANT={guard}: the guards are {', '.join(GUARDS)}")
    chosen = [item for item in items if item.path.stem == f"test_{GUARDS[guard]}"]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


@pytest.fixture(scope="session", autouse=True)
def bytecode_is_kept() -> None:
    """Killed processes start again thirty times: compiling every library anew would be most of the load."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def fault_seconds() -> float:
    """How long the load lasts; FAULT_SECONDS makes it short while a test is being written."""
    return float(os.environ.get("FAULT_SECONDS", "60"))


@pytest.fixture(scope="session", autouse=True)
def quick_logs() -> None:
    """Faults are the point here: nobody reads their traces, and coloured ones cost a second each."""
    configure("faults", "CRITICAL")


@pytest.fixture(scope="session")
def broker(run_directory: Path) -> Iterator[ChosenBroker]:
    """Apache Kafka; a row that needs it is red without it."""
    directory = run_directory / "kafka-faults"
    directory.mkdir(exist_ok=True)
    with choose_broker(directory) as chosen:
        yield chosen
