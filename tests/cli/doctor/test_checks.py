"""Every check finds nothing where all is well, and the planted fault where there is one."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncSession

from common import kafka
from common.broker_access import BrokerAccess
from common.consuming import Consumer, ConsumerSettings
from common.database import Database, plain_dsn
from common.reactions import Reaction
from common.testing import example
from contracts.activities import SessionScheduled
from contracts.event import Envelope
from contracts.topics import TOPICS
from maillage.doctor import databases as database_checks
from maillage.doctor import network
from maillage.doctor.findings import Examined, State
from maillage.embedded.broker_choice import ChosenBroker
from notifications.run_consumer import REACTIONS
from tests.cli.doctor.conftest import SERVICE, Examine, Plant
from tests.conftest import ServiceDatabases

NOWHERE = "127.0.0.1:9"
ON_THE_BROKER = pytest.mark.xdist_group("kafka")
"""One worker runs all that need a real broker, so that there is one."""


def answering(path_answers: dict[str, Any], date: str | None = None) -> Any:
    """A handler of HTTP that knows these paths only."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = path_answers.get(self.path)
            self.send_response(404 if answer is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date or super().date_time_string(timestamp)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    return Handler


@contextmanager
def serving(handler: Any) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "check_id",
    ["configuration", "names", "certificates", "roles", "database-version", "database-extensions", "clocks",
     "identity-keys", "mail", "schema-version", "row-security", "parked-keys", "due-rows"],
)  # fmt: skip
async def test_where_all_is_well_nothing_is_found(check_id: str, examine_one: Examine, somebody: None) -> None:
    examined = await examine_one(check_id)
    assert examined.state is State.ok, examined.findings


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        ({"token_audience": ""}, "NOTIFICATIONS_TOKEN_AUDIENCE is not set."),
        ({"relay_database_url": ""}, "NOTIFICATIONS_RELAY_DATABASE_URL is not set."),
        ({"api_database_url": "postgresql://db/notifications"}, "NOTIFICATIONS_API_DATABASE_URL is no address"),
        ({"token_issuer": "sign-in.example"}, "NOTIFICATIONS_TOKEN_ISSUER is no http(s) address."),
        ({"smtp_port": "many"}, "cannot read its settings: NOTIFICATIONS_SMTP_PORT"),
    ],
)
async def test_a_wrong_setting_is_named(examine_one: Examine, replaced: dict[str, str], said: str) -> None:
    examined = await examine_one("configuration", **replaced)
    assert examined.state is State.failed
    assert said in examined.findings[0].sentence


async def test_a_name_without_an_address_is_found(examine_one: Examine) -> None:
    examined = await examine_one("names", kafka_bootstrap_servers="no-such-broker.invalid:9092")
    assert examined.state is State.failed
    assert "no-such-broker.invalid" in examined.findings[0].sentence


async def test_a_sign_in_without_encryption_is_found(examine_one: Examine) -> None:
    assert (await examine_one("certificates", token_issuer="http://192.0.2.1/")).state is State.failed


async def test_a_database_that_does_not_encrypt_is_found(examine_one: Examine, databases: ServiceDatabases) -> None:
    examined = await examine_one("certificates", api_database_url=databases.urls["api"] + "?ssl=verify-full")
    assert [finding.state for finding in examined.findings].count(State.failed) == 1


@pytest.mark.parametrize(
    ("days", "trusted", "state"),
    [(90, True, State.ok), (3, True, State.warning), (90, False, State.failed)],
    ids=["good", "ends soon", "not trusted"],
)
async def test_certificates_are_judged(
    examine_one: Examine, https_server: Callable[..., str], days: int, trusted: bool, state: State
) -> None:
    assert (await examine_one("certificates", token_issuer=https_server(days=days, trusted=trusted))).state is state


async def test_a_wrong_password_is_found(examine_one: Examine, databases: ServiceDatabases) -> None:
    wrong = databases.urls["worker"].replace(f"{SERVICE}_worker:", f"{SERVICE}_worker:not-")
    examined = await examine_one("roles", worker_database_url=wrong)
    told = "The worker of notifications cannot sign in: password authentication failed"
    assert any(one.sentence.startswith(told) for one in examined.findings if one.state is State.failed)


async def test_a_role_with_too_much_power_is_found(examine_one: Examine, superuser_url: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(f"alter role {SERVICE}_api bypassrls")
    try:
        assert (await examine_one("roles")).state is State.failed
    finally:
        await connection.execute(f"alter role {SERVICE}_api nobypassrls")
        await connection.close()


async def test_an_api_that_is_the_owner_is_found(examine_one: Examine, databases: ServiceDatabases) -> None:
    examined = await examine_one("roles", api_database_url=databases.urls["owner"])
    assert any("acts as the owner" in one.sentence for one in examined.findings if one.state is State.failed)


async def test_an_old_server_is_found(examine_one: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_checks, "NEEDED_VERSION", 99)
    assert (await examine_one("database-version")).state is State.failed


async def test_a_missing_extension_is_found(examine_one: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_checks, "NEEDED_EXTENSIONS", {"btree_gist", "postgis"})
    examined = await examine_one("database-extensions")
    assert examined.findings[0].sentence == "The database of notifications lacks postgis."


@pytest.mark.parametrize(("seconds", "state"), [(3_600, State.failed), (3, State.warning)])
async def test_a_clock_that_differs_is_found(examine_one: Examine, seconds: int, state: State) -> None:
    handler = answering({"/": {}})
    handler.date_time_string = lambda _self, _timestamp=None: time.strftime(
        "%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - seconds)
    )
    with serving(handler) as issuer:
        assert (await examine_one("clocks", token_issuer=issuer)).state is state
    assert network.CLOCK_SECONDS_NOTED < 3 < network.CLOCK_SECONDS_MAX


async def test_an_issuer_of_another_name_is_found(examine_one: Examine) -> None:
    described = {"issuer": "http://elsewhere.example", "jwks_uri": "http://elsewhere.example/keys"}
    with serving(answering({"/.well-known/openid-configuration": described})) as issuer:
        examined = await examine_one("identity-keys", token_issuer=issuer, token_keys_url="")
    assert "calls itself http://elsewhere.example" in examined.findings[0].sentence


@pytest.mark.parametrize("keys", [{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, {"keys": []}, ["?"]])
async def test_keys_that_cannot_be_used_are_found(examine_one: Examine, keys: Any) -> None:
    with serving(answering({"/keys": keys})) as issuer:
        examined = await examine_one("identity-keys", token_issuer=issuer, token_keys_url=f"{issuer}/keys")
    assert examined.state is State.failed


async def test_an_absent_mail_server_is_found(examine_one: Examine) -> None:
    assert (await examine_one("mail", smtp_port="9")).state is State.failed


async def test_a_mail_server_that_cannot_encrypt_is_found(examine_one: Examine) -> None:
    examined = await examine_one("mail", smtp_starttls="true")
    assert "STARTTLS" in examined.findings[0].sentence


async def test_an_old_schema_is_found(examine_one: Examine, planted: Plant, databases: ServiceDatabases) -> None:
    connection = await asyncpg.connect(plain_dsn(databases.urls["owner"]))
    head = await connection.fetchval("select version_num from alembic_version")
    await connection.close()
    remedy = f"update alembic_version set version_num = '{head}'"
    async with planted("update alembic_version set version_num = '0001'", remedy):
        assert f"is at 0001; this release needs {head}." in (await examine_one("schema-version")).findings[0].sentence
    async with planted("update alembic_version set version_num = '9999'", remedy):
        assert (await examine_one("schema-version")).state is State.warning


@pytest.mark.parametrize(
    ("fault", "remedy", "said"),
    [
        (
            "alter table known_memberships no force row level security",
            "alter table known_memberships force row level security",
            "is not forced on known_memberships",
        ),
        (
            "alter table known_memberships disable row level security",
            "alter table known_memberships enable row level security",
            "a stranger reads rows of known_memberships",
        ),
        (
            "create policy planted on known_memberships for select using (true)",
            "drop policy planted on known_memberships",
            "a stranger reads rows of known_memberships",
        ),
        (
            "create policy planted on known_memberships using (true)",
            "drop policy planted on known_memberships",
            "a stranger changes rows of known_memberships",
        ),
    ],
    ids=["not forced", "switched off", "opened for reading", "opened for writing"],
)
async def test_row_security_is_tried_and_not_believed(
    examine_one: Examine, planted: Plant, somebody: None, fault: str, remedy: str, said: str
) -> None:
    async with planted(fault, remedy):
        examined = await examine_one("row-security")
    assert any(said in finding.sentence for finding in examined.findings if finding.state is State.failed)


async def test_an_outbox_without_a_relay_is_found(examine_one: Examine) -> None:
    examined = await examine_one("outbox")
    assert examined.findings[0].sentence.startswith("No relay of notifications runs")


async def test_a_parked_key_is_found(examine_one: Examine, planted: Plant) -> None:
    park = (
        "insert into parked_events (consumer_group, event_id, event_key, topic, partition, record_offset, headers,"
        f" error) values ('notifications.messages', '{uuid4()}', 'key', 'planted', 0, 0, '[]', 'planted')"
    )
    async with planted(park, "delete from parked_events where topic = 'planted'"):
        examined = await examine_one("parked-keys")
    assert examined.findings[0].sentence == (
        "1 key(s) of notifications.messages are parked with 1 event(s) behind them."
    )


async def test_late_work_is_found(examine_one: Examine, planted: Plant) -> None:
    late = (
        "insert into due_rows (kind, subject_id, organisation_id, due_at)"
        f" values ('planted', '{uuid4()}', '{uuid4()}', now() - interval '10 minutes')"
    )
    async with planted(late, "delete from due_rows where kind = 'planted'"):
        assert (await examine_one("due-rows")).state is State.failed


@pytest.mark.parametrize("check_id", ["kafka-reachable", "kafka-topics", "consumer-progress"])
async def test_an_absent_broker_is_found(examine_one: Examine, check_id: str) -> None:
    assert (await examine_one(check_id, kafka_bootstrap_servers=NOWHERE)).state is State.failed


@ON_THE_BROKER
async def test_topics_are_compared_with_what_is_declared(examine_one: Examine, broker: ChosenBroker) -> None:
    address = broker.bootstrap_servers
    assert (await examine_one("kafka-reachable", kafka_bootstrap_servers=address)).state is State.ok
    missing = await examine_one("kafka-topics", kafka_bootstrap_servers=address)
    assert len(missing.findings) == len(TOPICS), "deploy/topics.yaml is stale: say make docs"
    first, *others = TOPICS
    await kafka.ensure_topics(kafka.TopicSettings(BrokerAccess(address), 3, 1), [first])
    await kafka.ensure_topics(kafka.TopicSettings(BrokerAccess(address), 8, 1), others)
    wanted = [f"The topic {first} has 3 partitions; 8 are declared."]
    deadline = time.monotonic() + 20
    while True:  # A broker tells of a new topic a moment later.
        examined = await examine_one("kafka-topics", kafka_bootstrap_servers=address)
        if [finding.sentence for finding in examined.findings] == wanted:
            break
        assert time.monotonic() < deadline, examined.findings


@asynccontextmanager
async def reading(address: str, databases: ServiceDatabases, reactions: Sequence[Reaction]) -> AsyncIterator[None]:
    """The consumers of these groups, as the service runs them."""
    database = Database()
    database.connect(databases.urls["worker"], 4)
    settings = ConsumerSettings(kafka.TopicSettings(BrokerAccess(address), 8, 1), session_timeout_ms=2_000)
    stop = asyncio.Event()
    work = [asyncio.ensure_future(Consumer(reaction, database, settings).run(stop)) for reaction in reactions]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*work)
        await database.close()


async def wait_for(examine_one: Examine, address: str, condition: Callable[[Examined], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition(await examine_one("consumer-progress", kafka_bootstrap_servers=address)):
        assert time.monotonic() < deadline, "it did not come to be so"
        await asyncio.sleep(0.2)


@ON_THE_BROKER
async def test_a_group_that_nobody_reads_for_is_found(
    examine_one: Examine, broker: ChosenBroker, databases: ServiceDatabases
) -> None:
    address = broker.bootstrap_servers
    absent = await examine_one("consumer-progress", kafka_bootstrap_servers=address)
    assert {finding.state for finding in absent.findings} == {State.failed}
    async with reading(address, databases, REACTIONS):
        await wait_for(examine_one, address, lambda examined: examined.state is State.ok)


@ON_THE_BROKER
async def test_a_group_that_does_not_move_is_found(
    examine_one: Examine, broker: ChosenBroker, databases: ServiceDatabases
) -> None:
    address = broker.bootstrap_servers
    event = example(SessionScheduled)
    envelope = Envelope(
        id=uuid4(), type=event.wire_type, source="/test", time=datetime.now(UTC), subject="x",
        organisation=event.organisation_id,
    )  # fmt: skip
    released = asyncio.Event()

    async def hang(_session: AsyncSession, _event: SessionScheduled) -> None:
        await released.wait()

    await kafka.ensure_topics(kafka.TopicSettings(BrokerAccess(address), 8, 1), TOPICS)
    async with AIOKafkaProducer(bootstrap_servers=address) as producer:
        await producer.send_and_wait(
            event.topic, event.model_dump_json().encode(), key=b"k", headers=kafka.encode_headers(envelope)
        )
    stuck = Reaction("notifications.messages", {SessionScheduled: hang})
    async with reading(address, databases, [stuck]):
        said = "behind and has not moved for 3 s."
        await wait_for(
            examine_one, address, lambda examined: any(said in finding.sentence for finding in examined.findings)
        )
        released.set()


async def test_retention_that_stays_away_is_noted(examine_one: Examine, planted: Plant) -> None:
    never = await examine_one("retention")
    assert never.findings[0].sentence == "notifications has never looked for messages past their period."
    assert never.state is State.warning
    remedy = "delete from retention_looks where record = 'messages'"
    look = "insert into retention_looks (record, looked_at, forgotten) values ('messages', now() - interval '{}', 7)"
    async with planted(look.format("25 hours"), remedy):
        overdue = await examine_one("retention")
    assert overdue.state is State.warning
    assert overdue.findings[0].sentence.endswith("more than a day ago.")
    async with planted(look.format("2 hours"), remedy):
        well = await examine_one("retention")
    assert well.state is State.ok
    assert well.findings[0].sentence.endswith("7 forgotten so far.")
