"""Live pages: what happens on Kafka tells open pages which session to look at again.

Each replica reads the topics from their end, without a consumer group: what a page missed, it gets with its first
message. Nothing personal is pushed; a page that lags behind is dropped, connects again, and gets the present state.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from common.broker_access import BrokerAccess
from common.logging import get_logger

logger = get_logger(__name__)

TOPICS = ("activities.bookings", "activities.sessions")
CHANGES_KEPT_MAX = 64
FOLLOWERS_MAX = 2_000
AGAIN_SECONDS = 2.0


class TooManyFollowers(Exception):
    """No more open pages can be told; they work without."""


class LiveSessions:
    """Which open pages want to know of which sessions."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self._followers: dict[str, set[asyncio.Queue[str]]] = {}
        self._count = 0

    @asynccontextmanager
    async def followed(self, session_ids: Iterable[str]) -> AsyncIterator[asyncio.Queue[str]]:
        """The ids of these sessions as they change, as long as the block runs. Raises TooManyFollowers."""
        if self._count >= FOLLOWERS_MAX:
            raise TooManyFollowers
        changes: asyncio.Queue[str] = asyncio.Queue(CHANGES_KEPT_MAX)
        wanted = set(session_ids)
        self._count += 1
        for session_id in wanted:
            self._followers.setdefault(session_id, set()).add(changes)
        try:
            yield changes
        finally:
            self._count -= 1
            for session_id in wanted:
                self._leave(session_id, changes)

    def _leave(self, session_id: str, changes: asyncio.Queue[str]) -> None:
        followers = self._followers[session_id]
        followers.discard(changes)
        if not followers:
            del self._followers[session_id]

    def tell(self, session_id: str) -> None:
        """Let every page that follows the session know; who reads too slowly misses it."""
        for changes in self._followers.get(session_id, ()):
            with suppress(asyncio.QueueFull):
                changes.put_nowait(session_id)

    def close(self) -> None:
        """End every stream, so that the portal can stop."""
        self.closing.set()
        for session_id in list(self._followers):
            self.tell(session_id)

    async def follow(self, access: BrokerAccess, stop: asyncio.Event) -> None:
        """Read the topics until `stop` is set; while the broker is away pages are merely not live."""
        while not stop.is_set():
            reading = asyncio.create_task(self._read(access))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
            for task in (reading, stopping):
                task.cancel()
            results = await asyncio.gather(reading, stopping, return_exceptions=True)
            if isinstance(results[0], Exception):
                logger.warning("live pages wait for the broker", error=repr(results[0]))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
        self.close()

    async def _read(self, access: BrokerAccess) -> None:
        consumer = AIOKafkaConsumer(
            *TOPICS,
            **access.client_options(),
            group_id=None,
            auto_offset_reset="latest",
            metadata_max_age_ms=30_000,
            fetch_max_wait_ms=250,
        )
        try:
            await consumer.start()
            async for record in consumer:
                session_id = session_of_record(record.value)
                if session_id is not None:
                    self.tell(session_id)
        finally:
            with suppress(KafkaError, asyncio.CancelledError):
                await consumer.stop()


def session_of_record(value: bytes | None) -> str | None:
    """The session that an event is about; None when the record is not one of ours."""
    try:
        payload = json.loads(value or b"null")
    except ValueError:
        return None
    session_id = payload.get("session_id") if isinstance(payload, dict) else None
    return session_id if isinstance(session_id, str) else None
