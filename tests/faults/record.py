"""The entries of build/faults.json: one per row of what must be shown, merged by whoever measured it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROBLEMS_NAMED_MAX = 3
RESULTS = Path(__file__).parents[2] / "build" / "faults.json"


@dataclass
class Entry:
    """What one row has shown so far; `require` notes what does not hold and goes on."""

    figures: dict[str, object] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def show(self, **figures: object) -> None:
        """Add figures to the entry."""
        self.figures.update(figures)

    def require(self, statement: str, holds: object) -> None:
        """Note a statement that must hold."""
        if not holds:
            self.failures.append(statement)

    def require_none(self, problems: Mapping[str, list[str]]) -> None:
        """Show how many problems of each kind a checker found, and name the first of each."""
        for kind, found in problems.items():
            self.figures[kind] = len(found)
            if found:
                self.failures.append(f"{kind}: {len(found)}, the first: {', '.join(found[:PROBLEMS_NAMED_MAX])}")


@contextmanager
def entry(name: str, bar: str) -> Iterator[Entry]:
    """Record one row when the block ends; an error in it is a red entry with its reason, and is raised again."""
    made = Entry()
    planted = os.environ.get("PLANT")
    if planted:
        made.figures["planted"] = planted
    try:
        yield made
    except BaseException as error:
        made.failures.append(f"could not be finished: {error!r}"[:2_000])
        raise
    finally:
        if made.failures:
            made.figures["reason"] = "; ".join(made.failures)
        record(name, made.figures, bar, ok=not made.failures)
    assert not made.failures, made.figures["reason"]


def record(name: str, figures: Mapping[str, object], bar: str, *, ok: bool) -> None:
    """Put one entry beside those that are in the file already."""
    RESULTS.parent.mkdir(exist_ok=True)
    with (RESULTS.parent / "faults.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entries = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
        entries[name] = {"figures": dict(figures), "bar": bar, "ok": ok}
        RESULTS.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n")
