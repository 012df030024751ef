"""The entry `isolation` of build/faults.json, put together by the walks of one test run."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.conftest import SERVICES, ServiceDatabases
from tests.faults.plants import WITHOUT, planted
from tests.faults.record import record

BAR = "nothing read, nothing changed, nothing learnt from a status or a count: every route and event of every service"
WALKS = {f"{service} {what}" for service in SERVICES for what in ("routes", "events")}


async def lift_planted_guard(databases: ServiceDatabases) -> None:
    """With PLANT=row_policy, let the tables of the test be seen by everybody: the walk must notice."""
    if planted() == "row_policy":
        async with databases.engine("owner").begin() as connection:
            await connection.execute(text(WITHOUT["row_policy"][databases.service]))


def report(run_directory: Path, walk: str, found: Mapping[str, Any]) -> None:
    """Add a walk to this run's entry: green once all have been made and none found a leak."""
    directory = run_directory / "isolation"
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (directory / f"{walk}.json").write_text(json.dumps(found))
        walks = {path.stem: json.loads(path.read_text()) for path in sorted(directory.glob("*.json"))}
        leaks = [f"{name}: {leak}" for name, one in walks.items() for leak in one["leaks"]]
        figures: dict[str, object] = {
            kind: sum(one.get(kind, 0) for one in walks.values()) for kind in ("routes", "requests", "events")
        }
        figures["leaks"] = len(leaks)
        missing = sorted(WALKS.difference(walks))
        if leaks or missing:
            figures["reason"] = leaks[0] if leaks else f"not walked: {', '.join(missing)}"
        if planted():
            figures["planted"] = planted()
        record("isolation", figures, BAR, ok=not leaks and not missing)
