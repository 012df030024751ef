"""A hot row serves a few at a time best: the rest waits in front of the database, and a crowd is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from common.problems import TOO_MANY, ProblemError


class Turnstile:
    """Lets `at_once` holders of one key through, keeps `waiting_max` more waiting, and refuses (429) the others."""

    def __init__(self, at_once: int, waiting_max: int) -> None:
        self._at_once, self._waiting_max = at_once, waiting_max
        self._gates: dict[Hashable, asyncio.Semaphore] = {}
        self._present: dict[Hashable, int] = {}

    @asynccontextmanager
    async def pass_through(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for a turn. Raises ProblemError (429) when too many wait already."""
        present = self._present.get(key, 0)
        if present >= self._at_once + self._waiting_max:
            raise ProblemError(TOO_MANY, headers={"Retry-After": "1"})
        self._present[key] = present + 1
        gate = self._gates.setdefault(key, asyncio.Semaphore(self._at_once))
        try:
            async with gate:
                yield
        finally:
            self._leave(key)

    def _leave(self, key: Hashable) -> None:
        self._present[key] -= 1
        if self._present[key] == 0:
            del self._present[key], self._gates[key]
