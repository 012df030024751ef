"""The rules of the layout that imports alone cannot say: each gives its violations, none when the rule holds."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator

from contracts.event import Event
from contracts.schemas import PUBLISHERS, all_events
from tests.architecture.source_tree import PORTAL, SourceFile, SourceTree, imported_names, imported_when_run

Rule = Callable[[SourceTree], Iterator[str]]

FEATURE_FILES = {
    "__init__.py", "api.py", "event_handlers.py", "jobs.py", "use_cases.py", "queries.py", "tables.py", "domain.py",
    "outside.py",
}  # fmt: skip
FORBIDDEN_FILES = {"utils.py", "helpers.py", "constants.py", "service.py", "models.py", "manager.py"}
SERVICE_FILES = {
    "__init__.py", "run_api.py", "run_consumer.py", "run_worker.py", "run_relay.py", "run_migrations.py",
    "settings.py", "database.py", "invariants.py", "metrics.py",
}  # fmt: skip
PORTAL_FILES = {
    "__init__.py", "run_api.py", "settings.py", "asking.py", "browser_sessions.py", "colours.py", "languages.py",
    "flag_texts.py", "live.py", "pages.py", "problem_texts.py", "entries.py", "exporting.py", "protection.py",
    "sign_in.py", "visits.py", "calendars.py", "home_clock.py", "home_zone.py", "payment_codes.py",
    "share_images.py", "pictures.py",
}  # fmt: skip
FUNCTION_LINES_MAX = 70
FEATURE_FILE_LINES_MAX = 400

PURE_LIBRARIES = {"dateutil", "holidays", "stdnum"}
PURE_OWN_MODULES = {"common.money", "portal.home_zone"}
IMPURE_STANDARD_MODULES = {
    "asyncio", "concurrent", "ctypes", "ftplib", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib",
    "queue", "random", "secrets", "select", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess",
    "sys", "tempfile", "threading", "time", "urllib", "uuid7",
}  # fmt: skip
CLOCK_CALLS = {"now", "today", "utcnow", "uuid1", "uuid4", "urandom"}
INPUT_AND_OUTPUT_CALLS = {"open", "print", "input", "exec", "eval"}

WRITING = re.compile(r"^\s*(insert\s+into|update|delete\s+from|truncate)\b", re.IGNORECASE)
WRITING_CONSTRUCTS = {"insert", "update", "delete"}

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Words of docs/glossary.md. Left out are those that mechanism uses in another sense: session, activity, member,
# message, site, person, hold, offer, due.
BUSINESS_WORDS = {
    "animator", "association", "attendance", "booking", "budget", "charge", "child", "coordinator", "coverage",
    "federation", "grant_agreement", "household", "invoice", "ledger", "municipality", "participant", "programme",
    "settlement", "subsidy", "supervisor", "volunteer", "workshop",
}  # fmt: skip

HTTP_CLIENTS = {
    "aiohttp", "http.client", "httpcore", "httplib2", "httpx", "niquests", "pycurl", "requests", "urllib.request",
    "urllib3", "websockets", "xmlrpc.client",
}  # fmt: skip
SPEAK_HTTP = {
    "access/tokens.py": "fetches the keys of the identity provider, which is no service of ours",
    "portal/asking.py": "the portal asks the services for the reader; it is none of them and has no write path",
    "portal/sign_in.py": "asks the identity provider for tokens",
    "portal/run_api.py": "opens the connections for both",
}
"""Files with an HTTP client, and to whom they speak."""


def files_of_the_list(tree: SourceTree) -> Iterator[str]:
    """A feature folder holds files of the list only, flat; a service holds its commands, settings and features."""
    for file in tree.files():
        if file.name in FORBIDDEN_FILES:
            yield f"{file.shown}: say what is in it; this name says nothing"
    for file in tree.feature_files():
        if file.name not in FEATURE_FILES or len(file.shown.split("/")) != 3:
            yield f"{file.shown}: not a file that a feature has"
    for service in {file.package for file in tree.feature_files()}:
        for path in sorted(tree.source(service).glob("*.py")):
            if path.name not in (PORTAL_FILES if service == PORTAL else SERVICE_FILES):
                yield f"{service}/{path.name}: not a file that a service has"


def short_functions(tree: SourceTree) -> Iterator[str]:
    """No function is longer than fits on a screen."""
    for file in tree.files():
        for node in ast.walk(file.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    yield f"{file.shown}: {node.name} has {lines} lines"


def short_files(tree: SourceTree) -> Iterator[str]:
    """A feature file that grows too long is two features."""
    for file in tree.feature_files():
        lines = len(file.text.splitlines())
        if lines > FEATURE_FILE_LINES_MAX:
            yield f"{file.shown}: {lines} lines; is it two features?"


def pure_domain(tree: SourceTree) -> Iterator[str]:
    """Rules are functions of what they are given: no I/O, no clock, no chance, no framework."""
    for file in _named(tree, "domain.py"):
        for module, _name in imported_names(file.tree):
            if not _is_pure(module, file):
                yield f"{file.shown}: imports {module}"
        for node in ast.walk(file.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await):
                yield f"{file.shown}: waits in line {node.lineno}"
            elif isinstance(node, ast.Call) and _is_impure_call(node.func):
                yield f"{file.shown}: calls {ast.unparse(node.func)}"


def _is_pure(module: str, file: SourceFile) -> bool:
    top = module.partition(".")[0]
    if module in PURE_OWN_MODULES or top in PURE_LIBRARIES:
        return True
    if top == file.package:
        return module.endswith(".domain")
    return top in sys.stdlib_module_names and top not in IMPURE_STANDARD_MODULES


def _is_impure_call(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in CLOCK_CALLS
    return isinstance(function, ast.Name) and function.id in INPUT_AND_OUTPUT_CALLS | CLOCK_CALLS


def contracts_where_they_belong(tree: SourceTree) -> Iterator[str]:
    """Foreign contracts stay in event handlers, own events in use cases; `domain` sees neither."""
    for file in tree.feature_files():
        for module, name in imported_names(file.tree):
            if module.startswith("contracts."):
                yield from _misplaced(file, module, name)


def _misplaced(file: SourceFile, module: str, name: str) -> Iterator[str]:
    publisher = module.split(".")[1]
    foreign = publisher in PUBLISHERS and publisher != file.package
    if file.name == "domain.py":
        yield f"{file.shown}: imports {module}"
    elif foreign and file.name != "event_handlers.py":
        yield f"{file.shown}: imports {module}, another service's contracts"
    elif publisher == file.package and _is_event(name) and file.name not in ("use_cases.py", "event_handlers.py"):
        yield f"{file.shown}: publishes {name}, which is for use cases"


def _is_event(name: str) -> bool:
    return any(name == event.__name__ for event in all_events()) or name == Event.__name__


def contracts_of_pydantic_only(tree: SourceTree) -> Iterator[str]:
    """Wire types depend on pydantic and the standard library."""
    for file in tree.files("contracts"):
        for module, _name in imported_names(file.tree):
            top = module.partition(".")[0]
            if top not in {"contracts", "pydantic"} and top not in sys.stdlib_module_names:
                yield f"{file.shown}: imports {module}"


def siblings_by_their_stories(tree: SourceTree) -> Iterator[str]:
    """A feature meets its siblings in their use cases and queries, and knows their rules; never their tables."""
    shared = {name.removesuffix(".py") for name in SERVICE_FILES | PORTAL_FILES if not name.startswith("run_")}
    for file in tree.feature_files():
        for module in sorted({_module(*imported) for imported in imported_when_run(file.tree)}):
            parts = module.split(".")
            if parts[0] != file.package or parts[1] in (file.feature, *shared):
                continue
            if parts[2:3] not in (["use_cases"], ["queries"], ["domain"]):
                yield f"{file.shown}: imports {module} of a sibling"


def _module(module: str, name: str) -> str:
    """The module that an import names: `from service.feature import tables` names `service.feature.tables`."""
    return f"{module}.{name}" if name and module.count(".") == 1 else module


def queries_only_ask(tree: SourceTree) -> Iterator[str]:
    """Every SELECT is in `queries.py`, and nothing that writes is."""
    for file in _named(tree, "queries.py"):
        for module, name in imported_names(file.tree):
            if module.startswith("sqlalchemy") and name in WRITING_CONSTRUCTS:
                yield f"{file.shown}: imports {name}"
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING.match(node.value):
                yield f"{file.shown}: writes in line {node.lineno}"


def use_cases_never_commit(tree: SourceTree) -> Iterator[str]:
    """Transactions are opened and ended at the edge."""
    for file in _named(tree, "use_cases.py"):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback", "transaction"):
                yield f"{file.shown}: {ast.unparse(node)} in line {node.lineno}"


def mechanism_without_business(tree: SourceTree) -> Iterator[str]:
    """`common` would serve any business: of the glossary it knows the organisation, the unit of isolation."""
    for file in tree.files("common"):
        words = {word.lower() for word in WORD.findall(file.text)}
        singular = words | {word.removesuffix("s") for word in words}
        for word in sorted(BUSINESS_WORDS & singular):
            yield f"{file.shown}: speaks of {word}"


def nobody_calls_another(tree: SourceTree) -> Iterator[str]:
    """No service has what it takes to ask another one over HTTP: what it must know comes by events."""
    for file in tree.files():
        if file.shown in SPEAK_HTTP:
            continue
        for module, name in imported_names(file.tree):
            client = next((found for found in (module, f"{module}.{name}") if _is_http_client(found)), None)
            if client:
                yield f"{file.shown}: imports {client}, an HTTP client"


def _is_http_client(module: str) -> bool:
    return any(module == client or module.startswith(f"{client}.") for client in HTTP_CLIENTS)


def _named(tree: SourceTree, name: str) -> Iterator[SourceFile]:
    return (file for file in tree.feature_files() if file.name == name)
