"""Idempotency-Key: a POST that creates is done once, however often the client sends it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import ACTOR_SETTING
from common.problems import KEY_REUSED, ProblemError

ANSWERS_RETENTION_DAYS = 7

DDL = (
    """create table idempotency_keys (
        caller text not null, key text not null, fingerprint bytea not null,
        status integer, answer text, created_at timestamptz not null default now(),
        primary key (caller, key))""",
    "create index idempotency_keys_created_at_index on idempotency_keys using brin (created_at)",
    "alter table idempotency_keys enable row level security",
    "alter table idempotency_keys force row level security",
    "create policy idempotency_keys_owner on idempotency_keys to {service}_owner using (true) with check (true)",
    f"""create policy idempotency_keys_caller on idempotency_keys to {{service}}_api
        using (caller = current_setting('{ACTOR_SETTING}', true))
        with check (caller = current_setting('{ACTOR_SETTING}', true))""",
    *(
        f"""create policy idempotency_keys_{command} on idempotency_keys for {command} to {{service}}_worker
            using (created_at < now() - interval '{ANSWERS_RETENTION_DAYS} days')"""
        for command in ("select", "delete")
    ),
    "grant select, insert, update on idempotency_keys to {service}_api",
    "grant select (created_at), delete on idempotency_keys to {service}_worker",
)

CLAIM = text(
    "insert into idempotency_keys (caller, key, fingerprint) values (:caller, :key, :fingerprint)"
    " on conflict (caller, key) do nothing returning 1"
)
FIND = text("select fingerprint, status, answer from idempotency_keys where caller = :caller and key = :key")
STORE = text(
    "update idempotency_keys set status = :status, answer = :answer where caller = :caller and key = :key"
)  # fmt: skip


@dataclass(frozen=True)
class OnceKey:
    """The key of one request and a fingerprint of what it asked for."""

    key: str
    fingerprint: bytes


async def _once_key(
    request: Request,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$")
    ],
) -> OnceKey:
    body = await request.body()
    told = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    return OnceKey(idempotency_key, hashlib.sha256(told).digest())


IdempotencyKey = Annotated[OnceKey, Depends(_once_key)]


async def find_answer(session: AsyncSession, key: OnceKey, caller: str) -> Response | None:
    """Claim the key, or give the answer stored under it; a racing request with the same key is waited for.

    `caller` is the transaction's actor: the row policy shows and stores no other caller's keys.

    Raises ProblemError (422) when the key came with another request before.
    """
    claim = {"caller": caller, "key": key.key, "fingerprint": key.fingerprint}
    if (await session.execute(CLAIM, claim)).first() is not None:
        return None
    row = (await session.execute(FIND, {"caller": caller, "key": key.key})).one()
    check_same_request(key, bytes(row.fingerprint))
    return told_again(row.answer, row.status)


def check_same_request(key: OnceKey, fingerprint: bytes) -> None:
    """Raise ProblemError (422) when the key was given with another request before."""
    if fingerprint != key.fingerprint:
        raise ProblemError(KEY_REUSED)


def told(answer: str, status: int = 201) -> Response:
    """An answer given for the first time."""
    return Response(answer, status, media_type="application/json")


def told_again(answer: str, status: int = 201) -> Response:
    """A stored answer, marked as such."""
    return Response(answer, status, {"Idempotent-Replayed": "true"}, media_type="application/json")


async def once(
    session: AsyncSession, key: OnceKey, caller: str, create: Callable[[], Awaitable[BaseModel]], status: int = 201
) -> Response:
    """Run `create` in this transaction unless the key was answered before; `caller` scopes the key."""
    known = await find_answer(session, key, caller)
    if known is not None:
        return known
    answer = (await create()).model_dump_json()
    await session.execute(STORE, {"status": status, "answer": answer, "caller": caller, "key": key.key})
    return told(answer, status)
