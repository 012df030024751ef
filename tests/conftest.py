"""Real PostgreSQL for every test that asks for it: started once per run, one set of databases per test worker."""

from __future__ import annotations

import asyncio
import importlib
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from access.serving import create_guarded_app
from common.database import Database
from common.ids import new_id
from maillage.embedded.databases import database_urls, load_passwords, prepare_databases
from maillage.embedded.ports import free_port
from maillage.embedded.postgres import PostgreSQL
from tests.factories.accounts import World
from tests.factories.brokers import brokers_met
from tests.factories.identity import TestIssuer

SERVICES = ("partners", "activities", "staffing", "finance", "notifications")
SUPERUSER_URL = "MAILLAGE_TEST_SUPERUSER_URL"
SESSION_DIRECTORY = "MAILLAGE_TEST_DIRECTORY"


@pytest.fixture(scope="session")
def run_directory() -> Iterator[Path]:
    """A folder that all workers of this run share; the first that needs it makes it."""
    known = os.environ.get(SESSION_DIRECTORY)
    if known:
        yield Path(known)
        return
    directory = Path(tempfile.mkdtemp(prefix="maillage-test-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """The process that hands out the tests starts PostgreSQL once; its workers inherit the address."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        return
    directory = Path(tempfile.mkdtemp(prefix="maillage-test-"))
    server = _start_postgres(directory)
    os.environ[SUPERUSER_URL], os.environ[SESSION_DIRECTORY] = server.url, str(directory)

    def stop() -> None:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)

    config.add_cleanup(stop)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of a group share one platform: fail them when pytest-xdist would spread them over the workers."""
    keeps_groups = getattr(item.config.option, "loadgroup", False)
    if keeps_groups and item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
        pytest.fail("Groups are not kept together by this pytest-xdist under this pytest.", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which Kafka the tests have met, where a captured fixture could not."""
    for line in brokers_met():
        terminalreporter.write_line(line)


def _start_postgres(directory: Path) -> PostgreSQL:
    directory.chmod(0o755)  # As root the server runs under another account and must get in.
    server = PostgreSQL(directory, free_port(), durable=False)
    server.start()
    return server


@pytest.fixture(scope="session")
def superuser_url(run_directory: Path) -> Iterator[str]:
    """The server of this run; started here when the tests run in a single process."""
    if SUPERUSER_URL in os.environ:
        yield os.environ[SUPERUSER_URL]
        return
    server = _start_postgres(run_directory)
    yield server.url
    server.stop()


class ServiceDatabases:
    """The migrated database of one service, with one engine per role."""

    def __init__(self, service: str, urls: dict[str, str]) -> None:
        self.service, self.urls = service, urls
        self._engines: dict[str, AsyncEngine] = {}

    def engine(self, role: str) -> AsyncEngine:
        """An engine of the role: owner, api, worker, relay or auditor."""
        if role not in self._engines:
            self._engines[role] = create_async_engine(self.urls[role], pool_size=4)
        return self._engines[role]

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()


@pytest.fixture(scope="session")
async def databases_of(
    superuser_url: str, run_directory: Path, worker_id: str
) -> AsyncIterator[Callable[[str], ServiceDatabases]]:
    """Gives the migrated databases of a service; made when a test of that service first asks."""
    made: dict[str, ServiceDatabases] = {}
    passwords_path = run_directory / f"passwords-{secrets.token_hex(4)}.json"
    shared = run_directory / "passwords.json"
    passwords = load_passwords(shared if shared.exists() else passwords_path, SERVICES)
    if not shared.exists():
        try:
            os.link(passwords_path, shared)
        except FileExistsError:
            passwords = load_passwords(shared, SERVICES)

    def make(service: str) -> ServiceDatabases:
        if service not in made:
            suffix = f"_{worker_id}"
            urls = database_urls(superuser_url, service, passwords, suffix)
            _in_thread(lambda: asyncio.run(prepare_databases(superuser_url, [service], passwords, suffix)))
            migrations = importlib.import_module(f"{service}.run_migrations")
            settings = importlib.import_module(f"{service}.settings").Settings(owner_database_url=urls["owner"])
            _in_thread(lambda: migrations.run(settings))
            _in_thread(lambda: asyncio.run(_let_tests_see_the_outbox(service, urls["owner"])))
            made[service] = ServiceDatabases(service, urls)
        return made[service]

    yield make
    for databases in made.values():
        await databases.close()


def _in_thread(work: Callable[[], None]) -> None:
    """Run blocking code that wants an event loop of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


async def _let_tests_see_the_outbox(service: str, owner_url: str) -> None:
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(text(f"grant select on outbox_events to {service}_api, {service}_worker"))
    await engine.dispose()


@pytest.fixture(scope="session")
def issuer() -> Iterator[TestIssuer]:
    """An identity provider at the outer edge: publishes its key over HTTP and signs what a test asks for."""
    with TestIssuer() as running:
        yield running


@pytest.fixture
async def service_world(
    databases_of: Callable[[str], ServiceDatabases], issuer: TestIssuer, service: str
) -> AsyncIterator[World]:
    """The service's HTTP API in this process on its real database, and people with roles who call it."""
    databases = databases_of(service)
    async with AsyncExitStack() as stack:
        settings_class = importlib.import_module(f"{service}.settings").Settings
        settings = settings_class(
            token_issuer=issuer.url, token_audience=issuer.audience, token_keys_url=issuer.keys_url,
            requests_per_minute_max=0,
        )  # fmt: skip
        database: Database = importlib.import_module(f"{service}.database").api_database
        database.connect(databases.urls["api"], 4)
        stack.push_async_callback(database.close)
        features = importlib.import_module(f"{service}.run_api").FEATURES
        app = create_guarded_app(service, settings, features, database)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://test"))
        yield World(service, client, issuer, databases.engine("owner"))


@pytest.fixture
def organisation_id() -> UUID:
    """An organisation that no other test knows."""
    return new_id()
