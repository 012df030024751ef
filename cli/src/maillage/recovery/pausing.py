"""Holds the relays up, so that no event leaves: what receivers have done is then never more than publishers know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from common.relay import LOCK
from maillage.doctor.platform import Platform
from maillage.doctor.reading import connection_of

TAKE_SECONDS_MAX = 30.0
TAKE_AGAIN_SECONDS = 0.05

END_LEADER = """
    select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and granted and pid <> pg_backend_pid()
       and database = (select oid from pg_database where datname = current_database())
       and objid = (hashtext('outbox relay')::bigint & 4294967295)::oid"""


class RelayKeepsGoing(Exception):
    """The lock by which a relay leads could not be had."""


@asynccontextmanager
async def paused_relays(platform: Platform) -> AsyncIterator[None]:
    """Leads in every service instead of its relay, and publishes nothing, until the block ends or this process dies.

    Raises RelayKeepsGoing.
    """
    async with AsyncExitStack() as held:
        for service, settings in platform.settings.items():
            connection = await held.enter_async_context(connection_of(settings.relay_database_url))
            await _take_lead(service, connection)
        yield


async def _take_lead(service: str, connection: asyncpg.Connection) -> None:
    """The leader's session is ended, which it takes as any lost connection; it may lead again after us."""
    deadline = asyncio.get_running_loop().time() + TAKE_SECONDS_MAX
    while not await connection.fetchval(LOCK):
        if asyncio.get_running_loop().time() > deadline:
            raise RelayKeepsGoing(f"the relay of {service} could not be paused within {TAKE_SECONDS_MAX:.0f} s")
        await connection.execute(END_LEADER)
        await asyncio.sleep(TAKE_AGAIN_SECONDS)
