"""What every service's HTTP does with bad bytes, bad luck and too much of it: always a problem document."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType, SimpleNamespace
from typing import Annotated, Any, cast
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from common import turnstile
from common.database import ACTOR_SETTING, Database
from common.http import AmountMinor, IfMatch, ShortText, check_version, create_app, etag, expected_version
from common.idempotency import IdempotencyKey, once
from common.problems import Problem, ProblemError
from common.settings import ServiceSettings
from tests.common.mechanism import Mechanism

router = APIRouter()
database = Database()
gate = turnstile.Turnstile(at_once=1, waiting_max=1)


class TooOld(Exception):
    """A situation of the feature."""


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: ShortText
    amount_minor: AmountMinor = 0


class Made(BaseModel):
    title: str


@router.post("/things", status_code=201, response_model=Made)
async def post_thing(body: Body, key: IdempotencyKey) -> Response:
    async def make() -> Made:
        if body.title == "too old":
            raise TooOld("It was made in 1890.")
        await session.execute(
            text("insert into counters (id, value) values (gen_random_uuid(), :v)"), {"v": body.amount_minor}
        )
        return Made(title=body.title)

    async with database.transaction({ACTOR_SETTING: "somebody"}) as session:
        return await once(session, key, "somebody", make)


@router.patch("/things")
async def patch_thing(response: Response, if_match: IfMatch = None) -> None:
    check_version(expected_version(if_match), 3)
    response.headers["ETag"] = etag(4)


@router.get("/statements")
async def get_statement(sql: str) -> None:
    async with database.transaction() as session:
        await session.execute(text(sql))


@router.get("/numbers")
async def get_number(number: int) -> None:
    async with database.transaction() as session:
        await session.execute(text("select cast(:number as bigint)"), {"number": number})


@router.get("/texts")
async def get_text(value: str) -> None:
    async with database.transaction() as session:
        await session.execute(text("select cast(:value as text)"), {"value": value})


@router.get("/slow")
async def get_slow() -> None:
    async with database.transaction() as session:
        await session.execute(text("select pg_sleep(3)"))


@router.get("/defect")
async def get_defect() -> None:
    raise RuntimeError("the secret number is 42")


@router.get("/narrow")
async def get_narrow() -> None:
    async with gate.pass_through("one"):
        await asyncio.sleep(0.3)


@router.get("/things/{thing_id}")
async def get_thing(thing_id: UUID, _: Annotated[None, Depends(lambda: None)]) -> None:
    raise ProblemError(Problem(404, "no-thing", "There is no such thing"))


FEATURE = cast(ModuleType, SimpleNamespace(router=router, PROBLEMS={TooOld: Problem(409, "too-old", "It is too old")}))


@asynccontextmanager
async def serving(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("mechanism", "Mechanism", ServiceSettings(**{"requests_per_minute_max": 0} | settings), [FEATURE])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/mechanism/v1") as client:
        yield client


@pytest.fixture
async def client(mechanism_database: Mechanism) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as stack:
        database.connect(mechanism_database.urls["api"], 2)
        stack.push_async_callback(database.close)
        yield await stack.enter_async_context(serving())


def assert_problem(answer: httpx.Response, status: int, slug: str | None = None) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert slug is None or problem["type"] == f"/problems/{slug}"
    return problem


KEY = {"Idempotency-Key": "key-of-this-test", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff\xfe", b"null", b"[]", b'"text"', b"[" * 100_000,
        b'{"title": "a", "amount_minor": NaN}',
        b'{"title": "a", "amount_minor": 1e400}',
        b'{"title": "a", "amount_minor": 1.5}',
        b'{"title": "a", "amount_minor": "1"}',
        b'{"title": "a", "amount_minor": -1}',
        b'{"title": "a", "amount_minor": ' + b"9" * 5_000 + b"}",
        b'{"title": "a\\u0000"}',
        b'{"title": "\\ud800"}',
        b'{"title": "a", "\\ud800": 1}',
        b'{"title": "a", "\\u0000": 1}',
        b'{"title": "a", "unknown": 1}',
        b'{"title": ""}',
        b'{"title": "' + b"x" * 300 + b'"}',
    ],
)  # fmt: skip
async def test_bad_body_is_a_clear_4xx(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/things", content=body, headers=KEY)
    assert answer.status_code in {400, 422}
    assert_problem(answer, answer.status_code)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", "\xe9"])
async def test_wrong_content_type_is_refused(client: httpx.AsyncClient, kind: str) -> None:
    headers = {**KEY, "Content-Type": kind.encode("latin-1")}
    answer = await client.post("/things", content=b'{"title": "a"}', headers=headers)
    assert answer.status_code in {400, 415, 422}
    assert_problem(answer, answer.status_code)


async def test_field_errors_point_at_the_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", content=b'{"title": "a", "amount_minor": -1}', headers=KEY)
    problem = assert_problem(answer, 422, "invalid-request")
    assert [error["pointer"] for error in problem["errors"]] == ["/body/amount_minor"]


@pytest.mark.parametrize("key", [None, "", "short", "x" * 101, "with space in it", "é" * 10])
async def test_post_needs_a_usable_key(client: httpx.AsyncClient, key: str | None) -> None:
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Idempotency-Key": key.encode("latin-1")})
    assert_problem(await client.post("/things", content=b'{"title": "a"}', headers=headers), 422)


@pytest.mark.parametrize("is_declared", [True, False])
async def test_body_over_the_limit_is_413_and_is_swallowed(client: httpx.AsyncClient, is_declared: bool) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(20):
            sent += 50_000
            yield b"x" * 50_000

    headers = {**KEY, "Content-Length": "1000000"} if is_declared else KEY
    answer = await client.post("/things", content=pieces(), headers=headers)
    assert_problem(answer, 413, "body-too-large")
    assert sent == 1_000_000


async def test_unknown_address_and_method_are_problems(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/nothing"), 404, "not-found")
    refused = await client.put("/things")
    assert_problem(refused, 405, "method-not-allowed")
    assert "POST" in refused.headers["allow"]
    assert_problem(await client.get("/things/not-an-id"), 422)


async def test_rule_of_the_feature_answers_with_its_problem(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", json={"title": "too old"}, headers=KEY)
    assert assert_problem(answer, 409, "too-old")["detail"] == "It was made in 1890."


async def test_defect_is_a_500_that_tells_nothing_but_the_trace(client: httpx.AsyncClient) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await client.get("/defect", headers={"traceparent": traceparent})
    problem = assert_problem(answer, 500, "unexpected")
    assert "42" not in answer.text
    assert problem["trace_id"] == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    ("sql", "status", "slug"),
    [
        ("select 1/0", 422, "invalid-request"),
        ("insert into counters (id) values (null)", 409, "conflict"),
        ("delete from counters", 403, "forbidden"),
        ("do $$ begin raise exception using errcode = '40001'; end $$", 503, "temporarily-unavailable"),
        ("do $$ begin raise exception using errcode = '55P03'; end $$", 503, "temporarily-unavailable"),
        ("select nonsense", 500, "unexpected"),
    ],
)
async def test_refusal_of_the_database_has_its_status(
    client: httpx.AsyncClient, sql: str, status: int, slug: str
) -> None:
    assert_problem(await client.get("/statements", params={"sql": sql}), status, slug)


async def test_value_that_the_database_cannot_hold_is_the_callers_fault(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/numbers", params={"number": 2**70}), 422, "invalid-request")
    assert_problem(await client.get("/texts", params={"value": "a\x00b"}), 422, "invalid-request")


async def test_exhausted_pool_is_503_and_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get("/slow") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert_problem(refused, 503, "temporarily-unavailable")
    assert refused.headers["retry-after"] == "1"


async def test_absent_database_is_503() -> None:
    database.connect("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nothing", 2)
    async with serving() as client:
        assert_problem(await client.get("/slow"), 503, "temporarily-unavailable")
    await database.close()


async def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    async with serving(requests_per_minute_max=3) as client:
        answers = [await client.get("/nothing") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
        assert_problem(answers[-1], 429, "too-many-requests")
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        somebody_else = await client.get("/nothing", headers={"Authorization": "Bearer another"})
        assert somebody_else.status_code == 404


async def test_crowd_before_a_hot_row_is_turned_away(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get("/narrow") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["retry-after"] == "1"
    assert (await client.get("/narrow")).status_code == 200


@pytest.mark.parametrize(
    ("tag", "status"),
    [(None, 428), ('"3"', 200), ('W/"3"', 200), ('"2"', 412), ("*", 412), ('"3', 200), ("three", 412), ("٣", 412),
     ('"' + "9" * 30 + '"', 412), ("x" * 60, 422)],
)  # fmt: skip
async def test_edit_needs_the_version_that_was_read(client: httpx.AsyncClient, tag: str | None, status: int) -> None:
    answer = await client.patch("/things", headers={} if tag is None else {"If-Match": tag.encode()})
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["etag"] == '"4"'


async def test_repeated_key_gives_the_stored_answer_and_makes_nothing_twice(
    client: httpx.AsyncClient, mechanism_database: Mechanism
) -> None:
    headers = {"Idempotency-Key": "repeated-key"}
    answers = await asyncio.gather(
        *(client.post("/things", json={"title": "a", "amount_minor": 71}, headers=headers) for _ in range(6))
    )
    made = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 503}
    assert {answer.text for answer in made} == {'{"title":"a"}'}
    assert sum("idempotent-replayed" not in answer.headers for answer in made) == 1
    assert (await mechanism_database.rows("select count(*) as count from counters where value = 71"))[0].count == 1


async def test_key_of_another_request_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "reused-key"}
    assert (await client.post("/things", json={"title": "a"}, headers=headers)).status_code == 201
    other_body = await client.post("/things", json={"title": "b"}, headers=headers)
    assert_problem(other_body, 422, "idempotency-key-reused")
    other_query = await client.post("/things?x=1", json={"title": "a"}, headers=headers)
    assert_problem(other_query, 422, "idempotency-key-reused")


async def test_failed_attempt_leaves_the_key_free(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "key-of-a-failure"}
    assert_problem(await client.post("/things", json={"title": "too old"}, headers=headers), 409)
    assert (await client.post("/things", json={"title": "new"}, headers=headers)).status_code == 201
