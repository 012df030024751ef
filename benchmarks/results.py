"""One entry per row of the table that the platform must show: figures, the bar, and whether it holds."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path("build/bench.json")


@dataclass(frozen=True)
class Entry:
    """What was measured."""

    figures: dict[str, Any]
    bar: str
    ok: bool


def record(name: str, entry: Entry) -> None:
    """Write the entry beside those of other rows."""
    FILE.parent.mkdir(exist_ok=True)
    entries: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
    entries["machine"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    entries[name] = {"figures": entry.figures, "bar": entry.bar, "ok": entry.ok}
    FILE.write_text(json.dumps(entries, indent=2) + "\n")


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the values lie; values need not be sorted."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the largest of some times in seconds, in milliseconds."""
    named = {"p50_ms": 50.0, "p99_ms": 99.0, "max_ms": 100.0}
    return {name: round(percentile(values, percent) * 1000, 1) for name, percent in named.items()}
