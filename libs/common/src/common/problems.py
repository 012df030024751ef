"""Errors as people read them: RFC 9457 problem documents with a stable `type` slug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from starlette.responses import JSONResponse

from common.tracing import current_trace_id


class FieldError(BaseModel):
    """What is wrong with one field; `pointer` is a JSON pointer into the request."""

    pointer: str
    detail: str


class ProblemDocument(BaseModel):
    """The body of every answer from 400 on."""

    type: str
    title: str
    status: int
    detail: str | None = None
    trace_id: str | None = None
    errors: list[FieldError] | None = None


@dataclass(frozen=True)
class Problem:
    """How an error of a feature is shown: its status, its slug, and its title in plain words."""

    status: int
    slug: str
    title: str


class ProblemError(Exception):
    """Raised by mechanism, not by rules: answers the request with this problem."""

    def __init__(self, problem: Problem, detail: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or problem.title)
        self.problem, self.detail, self.headers = problem, detail, headers


Problems = Mapping[type[Exception], Problem]

NOT_FOUND = Problem(404, "not-found", "There is nothing here that you may see")
FORBIDDEN = Problem(403, "forbidden", "You may not do this for this organisation")
UNAUTHENTICATED = Problem(401, "unauthenticated", "Sign in first")
INVALID = Problem(422, "invalid-request", "Some fields are not right")
TOO_MANY = Problem(429, "too-many-requests", "Too many requests; try again a little later")
UNAVAILABLE = Problem(503, "temporarily-unavailable", "The service is busy or restarting; try again")
KEY_REUSED = Problem(422, "idempotency-key-reused", "This Idempotency-Key was used for another request")
CHANGED = Problem(412, "changed-meanwhile", "Somebody changed this meanwhile; load it again")
IF_MATCH_MISSING = Problem(428, "if-match-missing", "Send the ETag that you read as If-Match")
CONFLICT = Problem(409, "conflict", "This contradicts what is recorded already")


def answer(
    problem: Problem,
    detail: str | None = None,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The problem as a response; it repeats nothing of the request's content."""
    document: dict[str, Any] = ProblemDocument(
        type=f"/problems/{problem.slug}",
        title=problem.title,
        status=problem.status,
        detail=detail,
        trace_id=current_trace_id(),
        errors=errors,
    ).model_dump(exclude_none=True)
    return JSONResponse(
        document, status_code=problem.status, media_type="application/problem+json", headers=dict(headers or {})
    )
