"""The web application of a service: problems, limits, traces and metrics are the same everywhere."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Annotated, Any

import asyncpg
import sqlalchemy.exc
import structlog
from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry.trace import Span, SpanKind
from pydantic import AwareDatetime, BeforeValidator, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common import health, problems
from common.logging import get_logger
from common.metrics import HTTP_SECONDS
from common.pacing import RateLimit
from common.problems import FieldError, Problem, ProblemDocument, ProblemError, Problems
from common.reactions import is_passing
from common.settings import ServiceSettings
from common.tracing import current_exemplar, span

logger = get_logger(__name__)

DAY_AS_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}")
ShortText = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
LongText = Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")]
Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
AmountMinor = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


def _only_as_written(value: object) -> object:
    """Pydantic takes a number for seconds since 1970, and so `2.5` for a day."""
    if isinstance(value, date) or (isinstance(value, str) and DAY_AS_WRITTEN.fullmatch(value)):
        return value
    raise ValueError("give the day as 2026-11-25")


Day = Annotated[date, BeforeValidator(_only_as_written), Field(ge=date(1900, 1, 1), lt=date(2100, 1, 1))]
# PostgreSQL and the calendar know other years too; nothing that people plan is in them.
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=40)]

SWALLOWED_BYTES_MAX = 16_000_000

_DOCUMENTED = (400, 401, 403, 404, 405, 409, 412, 413, 422, 428, 429, 503)
_STATUS_PROBLEMS = {
    400: Problem(400, "bad-request", "The request could not be read"),
    404: problems.NOT_FOUND,
    405: Problem(405, "method-not-allowed", "This address does not take this method"),
    413: Problem(413, "body-too-large", "The request is too large"),
    415: Problem(415, "unsupported-media-type", "Send JSON"),
}

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    service: str, title: str, settings: ServiceSettings, features: Iterable[ModuleType], *, version: str = "1"
) -> FastAPI:
    """An application whose routes are the `router`s of the features, mapping each feature's `PROBLEMS`."""
    app = FastAPI(
        title=title,
        version=version,
        openapi_url=f"/api/{service}/v1/openapi.json",
        docs_url=f"/api/{service}/v1/docs",
        redoc_url=None,
        responses={status: {"model": ProblemDocument} for status in _DOCUMENTED},
        telemetry=None,
        lifespan=_no_lifespan,
    )
    for feature in features:
        app.include_router(feature.router, prefix=f"/api/{service}/v1")
        _map_problems(app, getattr(feature, "PROBLEMS", {}))
    app.include_router(health.router)
    _map_mechanism_errors(app)
    app.add_middleware(BodyLimit, size_bytes_max=settings.body_size_bytes_max)
    app.add_middleware(RateLimit, requests_per_minute=settings.requests_per_minute_max)
    app.add_middleware(Observed, service=service)
    return app


@asynccontextmanager
async def _no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


def _map_problems(app: FastAPI, mapping: Problems) -> None:
    for error_class, problem in mapping.items():
        app.add_exception_handler(error_class, _answering(problem))


def _answering(problem: Problem) -> Callable[[Request, Exception], Any]:
    async def handler(_request: Request, error: Exception) -> JSONResponse:
        return problems.answer(problem, detail=str(error) or None)

    return handler


def _map_mechanism_errors(app: FastAPI) -> None:
    app.add_exception_handler(ProblemError, _problem_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(sqlalchemy.exc.DBAPIError, _database_error)
    app.add_exception_handler(asyncpg.PostgresError, _database_error)
    app.add_exception_handler(asyncpg.InterfaceError, _database_error)
    app.add_exception_handler(sqlalchemy.exc.TimeoutError, _busy)
    app.add_exception_handler(ConnectionError, _busy)
    app.add_exception_handler(TimeoutError, _busy)


async def _problem_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    return problems.answer(error.problem, error.detail, headers=error.headers)


async def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        FieldError(pointer="/" + "/".join(str(part) for part in item["loc"]), detail=item["msg"])
        for item in error.errors()
    ]
    return problems.answer(problems.INVALID, errors=errors)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    problem = _STATUS_PROBLEMS.get(error.status_code, Problem(error.status_code, "http-error", error.detail))
    return problems.answer(problem, headers=error.headers)


async def _busy(_request: Request, _error: Exception) -> JSONResponse:
    return problems.answer(problems.UNAVAILABLE, headers={"Retry-After": "1"})


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    """A row policy's refusal is 403, an absent server 503, a broken constraint 409, an unusable value 422."""
    if is_passing(error):
        return await _busy(request, error)
    refused = error.orig.__cause__ if isinstance(error, sqlalchemy.exc.DBAPIError) and error.orig else error
    sqlstate = getattr(refused, "sqlstate", None) or ""
    if sqlstate == "42501":
        return problems.answer(problems.FORBIDDEN)
    if sqlstate.startswith("23"):
        return problems.answer(problems.CONFLICT, detail=getattr(refused, "constraint_name", None))
    if sqlstate.startswith("22") or isinstance(refused, ValueError):
        return problems.answer(problems.INVALID, detail="A value is too large or has characters that cannot be kept.")
    raise error


class Observed:
    """Gives every request a span, a log line and a measurement; turns an unexpected error into a plain problem."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        traceparent = headers.get(b"traceparent", b"").decode("latin-1") or None
        started, status = time.perf_counter(), 500

        async def remember_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with span(scope["method"], traceparent, SpanKind.SERVER) as current:
            try:
                await self._app(scope, receive, remember_status)
            except Exception:
                logger.exception("request failed", method=scope["method"], path=scope["path"])
                problem = Problem(500, "unexpected", "Something went wrong on our side")
                await problems.answer(problem)(scope, receive, remember_status)
            self._record(scope, status, time.perf_counter() - started, current)

    def _record(self, scope: Scope, status: int, seconds: float, current: Span) -> None:
        route = scope.get("route")
        path = getattr(route, "path", "unmatched")
        if current.is_recording():
            current.update_name(f"{scope['method']} {path}")
            current.set_attributes({"http.route": path, "http.response.status_code": status})
        HTTP_SECONDS.labels(self._service, scope["method"], path, status).observe(seconds, current_exemplar())
        if status >= 500:
            logger.error("request answered", method=scope["method"], route=path, status=status)
        else:
            logger.debug("request answered", method=scope["method"], route=path, status=status)


class BodyLimit:
    """Refuses a body that is too large, and swallows it meanwhile: a client that is still sending reads no answer."""

    def __init__(self, app: ASGIApp, size_bytes_max: int) -> None:
        self._app, self._size_bytes_max = app, size_bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._size_bytes_max:
            await _swallow(receive)
            await problems.answer(_STATUS_PROBLEMS[413])(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._size_bytes_max:
                await _swallow(receive)
                raise HTTPException(413)
            return message

        await self._app(scope, receive_within_limit, send)


async def _swallow(receive: Receive) -> None:
    swallowed, more = 0, True
    while more and swallowed < SWALLOWED_BYTES_MAX:
        message = await receive()
        swallowed += len(message.get("body", b""))
        more = message.get("more_body", False)


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def expected_version(if_match: str | None) -> int:
    """The version that the caller read, from its If-Match header.

    Raises ProblemError: 428 without the header, 412 when it is not one of our tags.
    """
    if if_match is None:
        raise ProblemError(problems.IF_MATCH_MISSING)
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise ProblemError(problems.CHANGED)
    return int(tag)


def check_version(expected: int, actual: int) -> None:
    """Raise 412 when somebody changed the row since the caller read it."""
    if expected != actual:
        raise ProblemError(problems.CHANGED, detail=f"It is at version {actual} now.")


def bind_caller(**facts: str) -> None:
    """Add who is asking to every log line of this request."""
    structlog.contextvars.bind_contextvars(**facts)
