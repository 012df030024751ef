"""One service with its real database, broker, identity provider and mail server, for the doctor to examine."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import text

from common.ids import new_id
from maillage.doctor.checks import CHECKS
from maillage.doctor.findings import Examined
from maillage.doctor.platform import platform_of
from maillage.doctor.report import examine
from maillage.embedded.broker_choice import ChosenBroker, choose_broker
from maillage.embedded.ports import free_port
from tests.conftest import ServiceDatabases
from tests.factories.brokers import remember_broker
from tests.factories.certificates import make_certificate
from tests.factories.identity import TestIssuer

SERVICE = "notifications"
Examine = Callable[..., Awaitable[Examined]]
Plant = Callable[[str, str], object]


@pytest.fixture(scope="session")
def broker(run_directory: Path, worker_id: str) -> Iterator[ChosenBroker]:
    """The most real broker that this machine can have."""
    directory = run_directory / f"doctor-kafka-{worker_id}"
    directory.mkdir(exist_ok=True)
    with choose_broker(directory, say=remember_broker) as chosen:
        yield chosen


@pytest.fixture
def mail_port() -> Iterator[int]:
    """A mail server that takes everything."""
    port = free_port()
    controller = Controller(object(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def databases(databases_of: Callable[[str], ServiceDatabases]) -> ServiceDatabases:
    """Of the examined service."""
    return databases_of(SERVICE)


@pytest.fixture
def environment(databases: ServiceDatabases, issuer: TestIssuer, mail_port: int) -> dict[str, str]:
    """Settings with which everything but Kafka is well; nobody listens at the broker's address."""
    values = {f"{purpose}_database_url": url for purpose, url in databases.urls.items()}
    values |= {"token_issuer": issuer.url, "token_audience": "maillage", "token_keys_url": issuer.keys_url}
    values |= {"smtp_port": str(mail_port), "kafka_bootstrap_servers": "127.0.0.1:9"}
    return {f"{SERVICE}_{name}".upper(): value for name, value in values.items()}


@pytest.fixture
def examine_one(environment: dict[str, str]) -> Examine:
    """Runs one check against the settings, some of them replaced."""

    async def run(check_id: str, **replaced: str) -> Examined:
        changed = {f"{SERVICE}_{name}".upper(): value for name, value in replaced.items()}
        check = next(check for check in CHECKS if check.id == check_id)
        [examined] = await examine(platform_of({SERVICE: environment | changed}), [check])
        return examined

    return run


@pytest.fixture
def planted(databases: ServiceDatabases) -> Plant:
    """A fault in the database, by the owner, for as long as the block lasts."""

    @asynccontextmanager
    async def plant(fault: str, remedy: str) -> AsyncIterator[None]:
        async with databases.engine("owner").begin() as connection:
            await connection.execute(text(fault))
        try:
            yield
        finally:
            async with databases.engine("owner").begin() as connection:
                await connection.execute(text(remedy))

    return plant


@pytest.fixture
async def somebody(databases: ServiceDatabases) -> AsyncIterator[None]:
    """One membership, so that there is a row which a stranger must not see."""
    values = {"id": new_id(), "organisation": new_id(), "subject": secrets.token_hex(4)}
    async with databases.engine("owner").begin() as connection:
        await connection.execute(
            text(
                "insert into known_memberships (membership_id, organisation_id, version, role, state, account_issuer,"
                " account_subject) values (:id, :organisation, 1, 'director', 'active', 'issuer', :subject)"
            ),
            values,
        )
    yield
    async with databases.engine("owner").begin() as connection:
        await connection.execute(text("delete from known_memberships where membership_id = :id"), values)


@pytest.fixture
def https_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Starts a server whose certificate ends in so many days, trusted by this process or not."""
    import http.server
    import threading

    servers: list[http.server.ThreadingHTTPServer] = []

    def start(*, days: int, trusted: bool) -> str:
        certificate, key = make_certificate(tmp_path, days)
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
