"""Waiting for a condition, with a deadline: nothing here sleeps for a fixed time and hopes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

FIRST_PAUSE_SECONDS = 0.03
LONGEST_PAUSE_SECONDS = 0.3

Found = TypeVar("Found")


class NotInTime(Exception):
    """What was waited for did not happen before the deadline."""


async def until(probe: Callable[[], Awaitable[Found | None]], what: str, seconds: float) -> Found:
    """The first answer of the probe that is neither None nor False; raises NotInTime."""
    deadline, pause = time.monotonic() + seconds, FIRST_PAUSE_SECONDS
    while True:
        found = await probe()
        if found is not None and found is not False:
            return found
        if time.monotonic() > deadline:
            raise NotInTime(f"not within {seconds:.0f} s: {what}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
