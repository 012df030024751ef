"""What spans cost on the hot path: nearly nothing while nobody collects them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from benchmarks.results import Entry
from common import tracing

TIMES = 200_000
EXTRA_MICROSECONDS_MAX = 1.0


def measure(_directory: Path) -> Entry:
    """Microseconds for each block, without a span and with an inner span that nobody collects."""
    without = _microseconds(nullcontext)
    off = _microseconds(lambda: tracing.inner_span("transaction"))
    figures = {"no_span_us": without, "inner_span_off_us": off, "times": TIMES}
    bar = f"an inner span costs less than {EXTRA_MICROSECONDS_MAX:.0f} µs more than none when tracing is off"
    return Entry(figures, bar, ok=off - without < EXTRA_MICROSECONDS_MAX)


def _microseconds(block: Callable[[], AbstractContextManager[object]]) -> float:
    started = time.perf_counter()
    for _ in range(TIMES):
        with block():
            pass
    return round((time.perf_counter() - started) / TIMES * 1e6, 3)
