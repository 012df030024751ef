"""The walk through a booking names files and symbols that are there, and a wrong one has been seen."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

PAGE = ROOT / "docs" / "follow-a-booking.md"
REFERENCE = re.compile(r"`([\w./-]+)::([\w.]+)`")
PYTHON_FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.py)`")
STOP = re.compile(r"^## (\d+)\. ", re.MULTILINE)
ON_THE_WAY = (
    "services/activities/src/activities/bookings/api.py",
    "services/activities/src/activities/bookings/use_cases.py",
    "libs/common/src/common/relay.py",
    "libs/common/src/common/consuming.py",
    "services/finance/src/finance/charges/use_cases.py",
    "services/finance/src/finance/migrations/versions/0002_expand_ledger.py",
    "services/notifications/src/notifications/messages/jobs.py",
    "cli/src/maillage/embedded/mail_server.py",
)
"""From the request to the books and to the captured e-mail."""


def broken_references(text: str, root: Path = ROOT) -> list[str]:
    """Every `file.py::symbol` and `folder/file.py` of a page that is not there; `.importlinter::key` is a contract."""
    missing = [f"{path}: no such file" for path in PYTHON_FILE.findall(text) if not (root / path).is_file()]
    for path, symbol in REFERENCE.findall(text):
        if not (root / path).is_file():
            missing.append(f"{path}: no such file")
        elif symbol not in _symbols(root / path):
            missing.append(f"{path}: does not define {symbol}")
    return missing


def _symbols(path: Path) -> set[str]:
    if path.suffix == ".py":
        return set(defined_symbols(ast.parse(path.read_text())))
    parser = configparser.ConfigParser()
    parser.read(path)
    return {section.removeprefix("importlinter:contract:") for section in parser.sections()}


def defined_symbols(tree: ast.Module) -> Iterator[str]:
    """The names that a module binds itself, and `Class.member`; what it imports is defined elsewhere."""
    for node in tree.body:
        yield from _names(node)
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for member in node.body for name in _names(member))


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def stops(text: str) -> list[str]:
    """The text of every numbered stop."""
    starts = [found.start() for found in STOP.finditer(text)]
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def test_every_file_and_symbol_is_there() -> None:
    assert broken_references(PAGE.read_text()) == []


def test_every_stop_is_numbered_and_names_a_symbol() -> None:
    text = PAGE.read_text()
    numbers = [int(number) for number in STOP.findall(text)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not [stop.splitlines()[0] for stop in stops(text) if not REFERENCE.search(stop)]


def test_the_walk_goes_from_the_request_to_the_books_and_the_mail() -> None:
    named = [path for path, _ in REFERENCE.findall(PAGE.read_text())]
    first_seen = [named.index(path) for path in ON_THE_WAY]
    assert first_seen == sorted(first_seen)


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("`libs/common/src/common/outbox.py::publishes`", "does not define publishes"),
        ("`libs/common/src/common/outbox.py::Event`", "does not define Event"),
        ("`libs/common/src/common/relay.py::Relay.go`", "does not define Relay.go"),
        ("`libs/common/src/common/outbux.py::publish`", "outbux.py: no such file"),
        ("`libs/common/src/common/outbux.py`", "outbux.py: no such file"),
        ("`.importlinter::party`", "does not define party"),
    ],
)
def test_a_planted_wrong_name_is_seen(planted: str, told: str) -> None:
    page = f"{PAGE.read_text()}\nThen {planted} does the rest.\n"
    assert [fault for fault in broken_references(page) if told in fault]


@pytest.mark.parametrize(
    "right",
    [
        "`libs/common/src/common/outbox.py::publish`",
        "`libs/common/src/common/outbox.py::RETENTION_DAYS`",
        "`libs/common/src/common/relay.py::Relay.run`",
        "`services/activities/src/activities/bookings/domain.py::BookingState.waiting`",
        "`.importlinter::parts`",
    ],
)
def test_a_right_name_is_no_fault(right: str) -> None:
    assert broken_references(right) == []
