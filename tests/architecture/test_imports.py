"""The import rules of `.importlinter` hold, and each of them has been seen to fail."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import LIBRARIES, PORTAL, ROOT, SERVICES, SourceTree
from tests.architecture.test_rules import plant

COVERAGE = "staffing.coverage"
PLANTED = [
    ("parts", f"{COVERAGE}.domain", "finance.settings"),
    ("parts", "common.money", "access.roles"),
    ("parts", "access.roles", "partners.settings"),
    ("parts", "contracts.event", "common.ids"),
    ("mechanism", "common.money", "contracts.finance"),
    ("files", f"{COVERAGE}.tables", f"{COVERAGE}.queries"),
    ("files", f"{COVERAGE}.jobs", f"{COVERAGE}.api"),
    ("files", f"{COVERAGE}.queries", f"{COVERAGE}.use_cases"),
    ("edges", f"{COVERAGE}.api", f"{COVERAGE}.tables"),
    ("edges", f"{COVERAGE}.event_handlers", f"{COVERAGE}.tables"),
    ("outer_edge", f"{COVERAGE}.api", f"{COVERAGE}.outside"),
    ("outside", f"{COVERAGE}.outside", f"{COVERAGE}.tables"),
    ("event_handlers", f"{COVERAGE}.event_handlers", f"{COVERAGE}.queries"),
    ("stories", f"{COVERAGE}.use_cases", "fastapi"),
    ("portal", "portal.booking.queries", "sqlalchemy"),
    ("parts", "portal.booking.queries", "partners.settings"),
]
CYCLE = (f"{COVERAGE}.use_cases", "staffing.shifts.use_cases")
UNLISTED = f"{COVERAGE}.rota"


def lint(tree: SourceTree) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the sources of a tree."""
    sources = [str(tree.source(package).parent) for package in (*LIBRARIES, *SERVICES, PORTAL)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sources), "COLUMNS": "300"}
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    return subprocess.run(command, cwd=tree.root, env=environment, capture_output=True, text=True, check=False)


def contract_names() -> dict[str, str]:
    """The name of every contract by its key."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {name.removeprefix(prefix): parser[name]["name"] for name in parser.sections() if name.startswith(prefix)}


def test_import_rules_hold() -> None:
    run = lint(SourceTree())
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a copy in which all faults are planted."""
    tree = SourceTree().copy(tmp_path_factory.mktemp("planted"))
    plant(file_of(tree, "staffing.shifts.__init__"), "")
    plant(file_of(tree, UNLISTED), "")
    for importer, imported in [fault[1:] for fault in PLANTED] + [CYCLE, CYCLE[::-1]]:
        plant(file_of(tree, importer), f"import {imported}")
    run = lint(tree)
    assert run.returncode == 1, run.stderr
    return run.stdout


@pytest.mark.parametrize(("contract", "importer", "imported"), PLANTED)
def test_a_planted_import_is_seen(report: str, contract: str, importer: str, imported: str) -> None:
    assert f"{contract_names()[contract]} BROKEN" in report
    assert f"{importer} -> {imported}" in part_about(contract, report)


def test_an_unlisted_file_is_seen(report: str) -> None:
    assert UNLISTED.rpartition(".")[2] in part_about("files", report)


def test_a_cycle_is_seen(report: str) -> None:
    assert "No cycles are allowed in staffing." in part_about("cycles", report)


def test_every_contract_has_a_planted_fault() -> None:
    assert {contract for contract, *_ in PLANTED} | {"cycles"} == set(contract_names())


def file_of(tree: SourceTree, module: str) -> Path:
    """The file of a module, which need not be there yet."""
    package, _, rest = module.partition(".")
    return tree.source(package) / (rest.replace(".", "/") + ".py")


def part_about(contract: str, report: str) -> str:
    """What the report says in detail about one contract."""
    names = contract_names()
    details = report.partition("Broken contracts")[2].partition(f"{names[contract]}\n---")[2]
    for other in names.values():
        details = details.partition(f"\n{other}\n---")[0]
    return details
