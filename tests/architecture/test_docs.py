"""What the pages say is so: links, commands, names of symbols, words, metrics and decisions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from contracts.partners import OrganisationKind, Role
from contracts.schemas import all_events
from contracts.topics import TOPICS
from maillage.main import app
from tests.architecture.rules import BUSINESS_WORDS
from tests.architecture.source_tree import ROOT, SERVICES
from tests.architecture.test_follow_a_booking import broken_references
from tests.architecture.test_tables import MECHANISM, metadata_of

DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
ARCHITECTURE = (DOCS / "architecture.md").read_text()
OWN_PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
PAGES = [*OWN_PAGES, *sorted((ROOT / "services").glob("*/README.md"))]

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MAKE_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
VERBS = re.compile(r"\bmaillage ((?:[a-z]+ ?)+)")
VARIABLE = re.compile(r"`([A-Z]+(?:_[A-Z]+)+)`")
TERM = re.compile(r"^\| ([^|]+) \|(?: [^|]+ \|){4}$", re.MULTILINE)
METRIC = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")
CODE = re.compile(r"```.*?```|`[^`\n]+`|^ {4}[^\n]+$", re.DOTALL | re.MULTILINE)
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]


def each(pages: list[Path]) -> pytest.MarkDecorator:
    """A test runs once for each page."""
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.relative_to(ROOT).as_posix())


def code_of(text: str) -> str:
    """Code spans and blocks of a page, one after the other."""
    return "\n".join(CODE.findall(text))


def broken_links(text: str, folder: Path) -> list[str]:
    """Relative links of a page in a folder that lead nowhere; a `#heading` must be there too."""
    broken = []
    for link in LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (folder / path).resolve() if path else None
        content = target.read_text() if target and target.is_file() else text
        anchors = {"", *(_anchor(heading) for heading in HEADING.findall(content))}
        if (target and not target.exists()) or anchor not in anchors:
            broken.append(link)
    return broken


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def unknown_targets(text: str, makefile: str) -> list[str]:
    """The `make` targets in a page's code that the Makefile does not have."""
    return sorted(set(MAKE_TARGET.findall(code_of(text))) - set(TARGET.findall(makefile)))


def unknown_commands(text: str) -> list[str]:
    """The `maillage` commands in a page's code that the command does not have."""
    return sorted({words for words in VERBS.findall(code_of(text)) if not _is_command(words.split())})


def _is_command(words: list[str]) -> bool:
    """True when every word is a verb of the one before it, down to the first that takes arguments."""
    group: Any = typer.main.get_command(app)
    for word in words:
        if not hasattr(group, "list_commands"):
            return True
        if word not in group.list_commands(None):
            return False
        group = group.get_command(None, word)
    return True


def glossary_terms(text: str) -> set[str]:
    """The English words of a glossary, in lower case; a row may give two."""
    return {term.strip().lower() for cell in TERM.findall(text) for term in cell.split(",")}


def words_without_meaning(names: Iterable[str], terms: set[str]) -> list[str]:
    """Names of which neither the whole nor its last words are in the glossary: `booked_places` is a place."""
    return sorted(name for name in names if not _endings(name) & terms)


def _endings(name: str) -> set[str]:
    words = name.split("_")
    singular = [*words[:-1], _singular(words[-1])]
    return {" ".join(form[start:]) for form in (words, singular) for start in range(len(words))}


def _singular(word: str) -> str:
    return re.sub(r"(?<=[^aeiou])ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


def event_nouns() -> set[str]:
    """The noun of every event: its class name without the last word, which says what happened."""
    names = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", event.__name__).lower() for event in all_events()}
    return {name.rpartition("_")[0] for name in names}


def table_names() -> set[str]:
    """The tables of all services and of the mechanism."""
    made = {"alembic_version"}
    return {name for service in SERVICES for name in metadata_of(service).tables} | MECHANISM - made


def metric_names() -> set[str]:
    """The metrics that the sources define, with the suffix that Prometheus shows on counters."""
    sources = [*(ROOT / "libs").rglob("metrics.py"), *(ROOT / "services").rglob("metrics.py")]
    return {name for path in sources for name in _metrics(ast.parse(path.read_text()))}


def _metrics(tree: ast.Module) -> Iterator[str]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) in ("Counter", "Gauge", "Histogram"):
            yield str(ast.literal_eval(call.args[0]))


@each(PAGES)
def test_every_link_resolves(page: Path) -> None:
    assert broken_links(page.read_text(), page.parent) == []


@each(OWN_PAGES)
def test_every_symbol_named_is_there(page: Path) -> None:
    assert broken_references(page.read_text()) == []


@each(PAGES)
def test_every_command_named_is_there(page: Path) -> None:
    text = page.read_text()
    assert unknown_targets(text, (ROOT / "Makefile").read_text()) == []
    assert unknown_commands(text) == []


def test_every_variable_named_in_the_readme_is_read() -> None:
    sources = "".join(path.read_text() for folder in ("cli", "libs") for path in (ROOT / folder).rglob("*.py"))
    sources += (ROOT / "Makefile").read_text()
    named = set(VARIABLE.findall((ROOT / "README.md").read_text()))
    assert {name for name in named if name not in sources} == set()


def test_every_word_of_events_tables_and_roles_has_a_meaning() -> None:
    terms = glossary_terms((DOCS / "glossary.md").read_text())
    names = event_nouns() | table_names() | {*Role, *OrganisationKind}
    assert words_without_meaning(names, terms) == [], "add the word to docs/glossary.md"


def test_every_business_word_of_the_rules_is_in_the_glossary() -> None:
    terms = glossary_terms((DOCS / "glossary.md").read_text())
    assert {word.replace("_", " ") for word in BUSINESS_WORDS} <= terms


def test_no_word_has_two_meanings() -> None:
    cells = TERM.findall((DOCS / "glossary.md").read_text())
    terms = [term.strip() for cell in cells for term in cell.split(",") if term.strip() != "English"]
    assert len(terms) == len(set(terms))


def test_the_metrics_named_are_those_that_are_shown() -> None:
    operations = ARCHITECTURE.partition("**Metrics**")[2].partition("**Logs**")[0]
    assert set(METRIC.findall(operations)) == metric_names()


def test_the_diagram_shows_every_topic() -> None:
    diagram = ARCHITECTURE.partition("```mermaid")[2].partition("```")[0]
    assert {topic for topic in TOPICS if topic not in diagram} == set()


def test_decisions_are_numbered_listed_and_whole() -> None:
    records = sorted(DECISIONS.glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    index = (DECISIONS / "README.md").read_text()
    for record in records:
        text = record.read_text()
        assert HEADING.findall(text)[1:] == SECTIONS, record.name
        assert f"({record.name}) {HEADING.findall(text)[0].partition('. ')[2]}\n" in index, record.name


def test_the_lock_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links", lock)


@pytest.mark.parametrize("link", ["[page](missing.md)", "[part](glossary.md#nothing)", "[here](#nothing)"])
def test_a_broken_link_is_seen(link: str) -> None:
    assert len(broken_links(f"# Page\n\n{link}\n", DOCS)) == 1


def test_a_right_link_is_no_fault() -> None:
    text = "# A page\n\n[a](glossary.md) [b](glossary.md#money) [c](#a-page) [d](https://example.org/x) [e](decisions)"
    assert broken_links(text, DOCS) == []


def test_an_unknown_command_is_seen() -> None:
    assert unknown_targets("Say `make love`, then make war.", "test: check\n") == ["love"]
    assert unknown_targets("```\nmake test\n```", "test: check\n") == []
    assert unknown_commands("`maillage fly` and `maillage parked fly`, not `maillage parked list`") == [
        "fly",
        "parked fly",
    ]


def test_a_word_without_meaning_is_seen() -> None:
    terms = glossary_terms("| place | p | p | P | A seat. |\n| due row, deadline | d | v | Z | A time. |\n")
    assert words_without_meaning(["booked_places", "due_rows", "deadlines", "rooms"], terms) == ["rooms"]
