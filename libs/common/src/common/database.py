"""The connection to a service's own database, and the transaction that everything happens in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, BindParameter, CheckConstraint, DateTime, MetaData, Text, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from common.tracing import inner_span

Context = Mapping[str, str]
"""Transaction-local settings that row policies and the audit trigger read."""

ORGANISATIONS_SETTING = "app.organisations"
ACTOR_SETTING = "app.actor"
REQUEST_SETTING = "app.request"

IN_CONTEXT = "context as materialized (select count(set_config(key, value, true)) from jsonb_each_text($1::jsonb))"
"""Begins the WITH of a statement on the bare driver: sets the context, which comes as JSON in $1.

The statement takes its rows from `context` and so runs after it; one that did not would see no row.
"""

POOL_WAIT_SECONDS = 2.0
IDLE_SECONDS_MAX = 30.0
# Row policies make planning dearer than most of our statements: a prepared one keeps its plan (measured: 2 ms of 3).
# The plan may be made while its tables are still empty, so it takes an index wherever there is one.
SERVER_SETTINGS = {
    "lock_timeout": "3000",
    "statement_timeout": "15000",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
}
NAMING_CONVENTION = {
    "ix": "%(table_name)s_%(column_0_N_name)s_index",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class TableBase(DeclarativeBase):
    """Base of the services' `Base` classes: times carry a zone, text is text, constraints have stable names."""

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        int: BigInteger(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


def new_metadata() -> MetaData:
    """Metadata whose constraints are named as errors will show them."""
    return MetaData(naming_convention=NAMING_CONVENTION)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The constraint that a text column holds one of these values, named after the column."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({allowed})", name=column)


def plain_dsn(url: str) -> str:
    """The address as the bare driver reads it: SQLAlchemy says `ssl=` where PostgreSQL says `sslmode=`."""
    return re.sub(r"([?&])ssl=", r"\1sslmode=", url.replace("postgresql+asyncpg:", "postgresql:"))


def uuid_array(ids: frozenset[UUID] | set[UUID]) -> str:
    """Ids as the text of a PostgreSQL array, in a stable order."""
    return "{" + ",".join(sorted(str(item) for item in ids)) + "}"


def written_out(value: str) -> BindParameter[str]:
    """A value that stands in the statement itself: a plan made for any value cannot use a partial index."""
    return bindparam(None, value, Text, literal_execute=True)


def organisation_context(organisation_id: UUID, actor: str) -> Context:
    """The context of work that a machine does for one organisation: an event handler, a due row."""
    return {ORGANISATIONS_SETTING: uuid_array({organisation_id}), ACTOR_SETTING: actor}


class Database:
    """One role's connections to the service's database; `connect` once per process before the first transaction."""

    def __init__(self) -> None:
        self._engine: AsyncEngine | None = None
        self._plain_options: dict[str, Any] = {}
        self._plain_pool: asyncpg.Pool | None = None
        self._plain_pool_starts = asyncio.Lock()
        self._sessions: async_sessionmaker[AsyncSession] | None = None

    def connect(self, url: str, connections_max: int = 10) -> None:
        """Prepare the pool, once; a connection is made at first use. An empty pool refuses after two seconds."""
        if self._engine is not None:
            return
        self._engine = create_async_engine(
            url,
            pool_size=connections_max,
            max_overflow=0,
            pool_timeout=POOL_WAIT_SECONDS,
            pool_pre_ping=False,
            connect_args={"timeout": 5, "server_settings": SERVER_SETTINGS},
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self._plain_options = {"dsn": plain_dsn(url), "max_size": connections_max}

    async def close(self) -> None:
        """Give all connections back to the server."""
        engine, self._engine, self._sessions = self._engine, None, None
        pool, self._plain_pool = self._plain_pool, None
        if engine is not None:
            await engine.dispose()
        if pool is not None:
            await pool.close()

    @property
    def engine(self) -> AsyncEngine:
        """The engine; raises RuntimeError before `connect`."""
        if self._engine is None:
            raise RuntimeError("the database is used before connect() was called")
        return self._engine

    @asynccontextmanager
    async def transaction(self, context: Context | None = None) -> AsyncIterator[AsyncSession]:
        """One transaction in the given context: commits at the end of the block, rolls back on any error."""
        if self._sessions is None:
            raise RuntimeError("the database is used before connect() was called")
        with inner_span("transaction"):
            async with self._sessions() as session, session.begin():
                await apply_context(session, context or {})
                yield session

    @asynccontextmanager
    async def plain_connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the bare driver, for the one path where every round trip counts.

        A statement is a transaction of its own unless one is begun; it brings its context along: IN_CONTEXT.
        """
        pool = self._plain_pool or await self._start_plain_pool()
        async with asyncio.timeout(POOL_WAIT_SECONDS):
            connection = await pool.acquire()
        try:
            with inner_span("statements"):
                yield connection
        finally:
            await pool.release(connection)

    async def _start_plain_pool(self) -> asyncpg.Pool:
        async with self._plain_pool_starts:
            if self._plain_pool is None:
                self._plain_pool = await asyncpg.create_pool(
                    **self._plain_options,
                    min_size=0,
                    max_inactive_connection_lifetime=IDLE_SECONDS_MAX,
                    timeout=5,
                    reset=_leave_as_it_is,
                    server_settings=SERVER_SETTINGS,
                )
        return self._plain_pool

    async def answers(self) -> bool:
        """True when the server answers a trivial question."""
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))
        return True


async def apply_context(session: AsyncSession, context: Context) -> None:
    """Set the transaction-local settings in one statement."""
    if context:
        await session.execute(_set_all(tuple(context)), dict(zip(_VALUE_NAMES, context.values(), strict=False)))


@lru_cache(maxsize=32)
def _set_all(names: tuple[str, ...]) -> TextClause:
    """The statement that sets these settings; built once per set of names, because every transaction needs it."""
    pairs = zip(names, _VALUE_NAMES, strict=False)
    return text("select " + ", ".join(f"set_config('{name}', :{value}, true)" for name, value in pairs))


_VALUE_NAMES = tuple(f"value_{number}" for number in range(10))


async def _leave_as_it_is(_connection: asyncpg.Connection) -> None:
    """Nothing to reset: all our settings end with their transaction."""
