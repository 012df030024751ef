"""What must hold at any time, whatever happened: asked again and again in production, and shown as metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import asyncpg

from common.database import plain_dsn
from common.logging import get_logger
from common.metrics import INVARIANT_CHECKED, INVARIANT_VIOLATIONS
from common.reactions import is_passing
from common.settings import ServiceSettings
from common.waiting import pause

logger = get_logger(__name__)

WATCH_SECONDS = 300.0
VIOLATIONS_MAX = 1_000
SETTINGS = {
    "statement_timeout": "60000",
    "lock_timeout": "1000",
    "idle_in_transaction_session_timeout": "60000",
    "application_name": "maillage invariants",
}

Find = Callable[[asyncpg.Connection], Awaitable[list[str]]]


@dataclass(frozen=True)
class Invariant:
    """`promise` is for people; `find` gives what breaks it, by ids or names, and is asked as this role."""

    name: str
    promise: str
    find: Find
    role: Literal["auditor", "worker"] = "auditor"


def rows_of(question: str) -> Find:
    """Finds violations by a SELECT whose first column names each case; looks at no more than a thousand."""

    async def find(connection: asyncpg.Connection) -> list[str]:
        rows = await connection.fetch(f"select * from ({question}) as cases limit {VIOLATIONS_MAX}")
        return [str(row[0]) for row in rows]

    return find


@asynccontextmanager
async def connection_as(settings: ServiceSettings, role: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own: with a minute for a question, and with plans that may read whole tables."""
    url = plain_dsn(getattr(settings, f"{role}_database_url"))
    connection = await asyncpg.connect(url, timeout=5, server_settings=SETTINGS)
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


async def find_violations(settings: ServiceSettings, invariant: Invariant) -> list[str]:
    """What breaks the invariant now; an empty list is what everybody wants."""
    async with connection_as(settings, invariant.role) as connection:
        return await invariant.find(connection)


async def watch_invariants(
    service: str, settings: ServiceSettings, invariants: Sequence[Invariant], stop: asyncio.Event
) -> None:
    """Look every five minutes until `stop` is set; a fault of the surroundings is left to the next time."""
    for invariant in invariants:
        INVARIANT_CHECKED.labels(service, invariant.name).set(0)  # Never, so that an alert sees it when it stays so.
    if not settings.auditor_database_url:
        logger.warning("invariants are not watched here: there is no auditor's address")
        await stop.wait()
    while not stop.is_set():
        for invariant in invariants:
            try:
                violations = await find_violations(settings, invariant)
            except Exception as error:
                if not is_passing(error):
                    raise
                logger.warning("an invariant could not be looked at", invariant=invariant.name, error=repr(error)[:300])
                continue
            _tell(service, invariant, violations)
        await pause(stop, WATCH_SECONDS)


def _tell(service: str, invariant: Invariant, violations: list[str]) -> None:
    INVARIANT_VIOLATIONS.labels(service, invariant.name).set(len(violations))
    INVARIANT_CHECKED.labels(service, invariant.name).set_to_current_time()
    if violations:
        logger.error("an invariant does not hold", invariant=invariant.name, cases=violations[:10])
