"""`python -m benchmarks [row…]`: measures every row, or those named, and writes build/bench.json."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from benchmarks import delay, hold_delay, operations, pages, places, restore, rota, spans, speed
from benchmarks.results import Entry, record

Rows = dict[str, Entry]


def _places(directory: Path) -> Rows:
    return {"places": places.measure(directory)}


def _delay(directory: Path) -> Rows:
    return {"delay": delay.measure(directory)}


def _hold_delay(directory: Path) -> Rows:
    return {"hold_delay": hold_delay.measure(directory)}


def _page_speed(directory: Path) -> Rows:
    return {"page_speed": pages.measure(directory)}


def _page_speed_large(directory: Path) -> Rows:
    return {"page_speed_large": pages.measure(directory, large=True)}


def _spans(directory: Path) -> Rows:
    return {"spans": spans.measure(directory)}


def _restore(directory: Path) -> Rows:
    return {"restore": restore.measure(directory)}


def _restore_large(directory: Path) -> Rows:
    return {"restore_large": restore.measure(directory, past=int(os.environ.get("PAST_BOOKINGS", "500000")))}


def _rota(directory: Path) -> Rows:
    return {"rota": rota.measure(directory)}


BENCHMARKS: dict[tuple[str, ...], Callable[[Path], Rows]] = {
    ("places",): _places,
    ("speed_hot", "speed_spread"): speed.measure,
    ("delay",): _delay,
    ("hold_delay",): _hold_delay,
    ("page_speed",): _page_speed,
    ("page_speed_large",): _page_speed_large,
    ("spans",): _spans,
    ("restore",): _restore,
    ("restore_large",): _restore_large,
    ("cost", "rolling_upgrade"): operations.measure,
    ("rota",): _rota,
}


def main(wanted: list[str]) -> int:
    """Run what is wanted; what could not run is an entry with its reason, never a silence."""
    all_ok = True
    for names, measure in BENCHMARKS.items():
        if wanted and not set(names) & set(wanted):
            continue
        with tempfile.TemporaryDirectory(prefix="maillage-bench-", ignore_cleanup_errors=True) as directory:
            Path(directory).chmod(0o755)
            try:
                entries = measure(Path(directory))
            except Exception as error:
                traceback.print_exc()
                entries = {name: Entry({"reason": repr(error)}, "it runs", ok=False) for name in names}
        for name, entry in entries.items():
            record(name, entry)
            sys.stdout.write(f"{'ok ' if entry.ok else 'RED'} {name}: {json.dumps(entry.figures)}\n")
            all_ok = all_ok and entry.ok
    return 0 if all_ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
