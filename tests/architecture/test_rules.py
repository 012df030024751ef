"""The layout holds, and every rule of it has been seen to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.source_tree import SourceTree

RULES = (
    rules.files_of_the_list,
    rules.short_functions,
    rules.short_files,
    rules.pure_domain,
    rules.contracts_where_they_belong,
    rules.contracts_of_pydantic_only,
    rules.siblings_by_their_stories,
    rules.queries_only_ask,
    rules.use_cases_never_commit,
    rules.mechanism_without_business,
    rules.nobody_calls_another,
)
COVERAGE = "services/staffing/src/staffing/coverage"
LONG_FUNCTION = "\n\ndef long() -> None:\n" + "    pass\n" * 70

PLANTED = [
    (rules.files_of_the_list, f"{COVERAGE}/rota.py", "", "staffing/coverage/rota.py: not a file that a feature has"),
    (rules.files_of_the_list, f"{COVERAGE}/rules/domain.py", "", "rules/domain.py: not a file that a feature has"),
    (rules.files_of_the_list, "services/staffing/src/staffing/rota.py", "", "not a file that a service has"),
    *[
        (rules.files_of_the_list, f"libs/common/src/common/{name}", "", f"common/{name}: say what is in it")
        for name in sorted(rules.FORBIDDEN_FILES)
    ],
    (rules.short_functions, f"{COVERAGE}/use_cases.py", LONG_FUNCTION, "long has 71 lines"),
    (rules.short_functions, "libs/common/src/common/money.py", LONG_FUNCTION, "common/money.py: long has 71 lines"),
    (rules.short_files, f"{COVERAGE}/queries.py", "\n" * 400, "coverage/queries.py: "),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "import sqlalchemy", "imports sqlalchemy"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "from random import choice", "imports random"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "from common.clock import now", "imports common.clock"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "import contracts.staffing", "imports contracts.staffing"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "from staffing.coverage import tables", "imports staffing.coverage"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "TODAY = date.today()", "calls date.today"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "LAW = open('law')", "calls open"),
    (rules.pure_domain, f"{COVERAGE}/domain.py", "async def wait() -> None: ...", "waits in line"),
    (
        rules.contracts_where_they_belong,
        f"{COVERAGE}/use_cases.py",
        "from contracts.activities import SupervisionSetting",
        "use_cases.py: imports contracts.activities, another service's contracts",
    ),
    (
        rules.contracts_where_they_belong,
        f"{COVERAGE}/api.py",
        "from contracts.staffing import CoverageShort",
        "api.py: publishes CoverageShort",
    ),
    (
        rules.contracts_where_they_belong,
        f"{COVERAGE}/domain.py",
        "from contracts.staffing import CoverageShort",
        "domain.py: imports contracts.staffing",
    ),
    (
        rules.contracts_of_pydantic_only,
        "libs/contracts/src/contracts/event.py",
        "import sqlalchemy",
        "contracts/event.py: imports sqlalchemy",
    ),
    (
        rules.siblings_by_their_stories,
        f"{COVERAGE}/use_cases.py",
        "from staffing.shifts.tables import Shift",
        "imports staffing.shifts.tables of a sibling",
    ),
    (
        rules.siblings_by_their_stories,
        f"{COVERAGE}/use_cases.py",
        "from staffing.shifts import tables",
        "imports staffing.shifts.tables of a sibling",
    ),
    (rules.queries_only_ask, f"{COVERAGE}/queries.py", "from sqlalchemy import update", "imports update"),
    (rules.queries_only_ask, f"{COVERAGE}/queries.py", "SELL = ' UPDATE places set taken = 1'", "writes in line"),
    (
        rules.use_cases_never_commit,
        f"{COVERAGE}/use_cases.py",
        "async def end(session): await session.commit()",
        "session.commit in line",
    ),
    (
        rules.use_cases_never_commit,
        f"{COVERAGE}/use_cases.py",
        "async def start(database): database.transaction()",
        "database.transaction in line",
    ),
    (rules.mechanism_without_business, "libs/common/src/common/money.py", "BOOKINGS_MAX = 1", "speaks of booking"),
    (
        rules.mechanism_without_business,
        "libs/common/src/common/money.py",
        "class LedgerLine: ...",
        "speaks of ledger",
    ),
    *[
        (rules.nobody_calls_another, path, fault, f"{path.rpartition('/src/')[2]}: imports {told}")
        for path, fault, told in (
            (f"{COVERAGE}/use_cases.py", "import httpx", "httpx"),
            (f"{COVERAGE}/use_cases.py", "async def ask():\n    from httpx import AsyncClient", "httpx"),
            (f"{COVERAGE}/event_handlers.py", "import aiohttp.client", "aiohttp.client"),
            (f"{COVERAGE}/jobs.py", "from urllib import request", "urllib.request"),
            (f"{COVERAGE}/outside.py", "from urllib.request import urlopen", "urllib.request"),
            ("services/staffing/src/staffing/run_worker.py", "import http.client", "http.client"),
            ("libs/common/src/common/commands.py", "import requests", "requests"),
            ("libs/access/src/access/callers.py", "import httpx", "httpx"),
        )
    ],
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule: rules.Rule) -> None:
    violations = list(rule(SourceTree()))
    assert not violations, "\n".join([str(rule.__doc__), *violations])


@pytest.mark.parametrize(("rule", "path", "fault", "told"), PLANTED)
def test_rule_sees_a_planted_fault(planted: SourceTree, rule: rules.Rule, path: str, fault: str, told: str) -> None:
    assert not any(told in violation for violation in rule(planted))
    file = planted.root / path
    plant(file, fault)
    assert [violation for violation in rule(planted) if told in violation]


def test_a_type_of_a_sibling_is_no_fault(planted: SourceTree) -> None:
    for_types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from staffing.shifts.tables import Shift"
    plant(planted.root / f"{COVERAGE}/use_cases.py", for_types)
    assert not [fault for fault in rules.siblings_by_their_stories(planted) if "staffing" in fault]


def test_who_speaks_http_to_the_outside_says_why() -> None:
    shown = {file.shown for file in SourceTree().files()}
    assert shown >= set(rules.SPEAK_HTTP)
    assert all(rules.SPEAK_HTTP.values())


def test_an_address_is_no_call(planted: SourceTree) -> None:
    plant(planted.root / f"{COVERAGE}/use_cases.py", "from urllib.parse import urlsplit\nfrom http import HTTPStatus")
    assert list(rules.nobody_calls_another(planted)) == []


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, *_ in PLANTED} == set(RULES)


def plant(file: Path, fault: str) -> None:
    """Add lines to a file, which may not be there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text() if file.exists() else ""
    file.write_text(f"{before}\n{fault}\n")
