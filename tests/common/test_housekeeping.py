"""Old event ids and stored answers are forgotten, young ones stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from common.database import Database
from common.housekeeping import forget_old

ADD = (
    "insert into handled_events (consumer_group, event_id, handled_at) values"
    " ('house', uuidv7(), now() - interval '31 days'), ('house', uuidv7(), now())",
    "insert into idempotency_keys (caller, key, fingerprint, created_at) values"
    " ('house', 'old', '', now() - interval '8 days'), ('house', 'young', '', now())",
)


async def test_only_what_is_past_its_retention_is_forgotten(databases_of: Callable[[str], Any]) -> None:
    databases = databases_of("partners")
    async with databases.engine("owner").begin() as connection:
        for statement in ADD:
            await connection.execute(text(statement))
    worker = Database()
    worker.connect(databases.urls["worker"], 1)
    await forget_old(worker)
    await worker.close()
    async with databases.engine("owner").connect() as connection:
        handled = await connection.scalar(text("select count(*) from handled_events where consumer_group = 'house'"))
        keys = (await connection.scalars(text("select key from idempotency_keys where caller = 'house'"))).all()
    assert (handled, keys) == (1, ["young"])
