"""Nothing of an association is read, changed or learnt by others, on any route of any service."""

from __future__ import annotations

import fcntl
import importlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import SERVICES, ServiceDatabases
from tests.factories.accounts import World
from tests.faults.plants import WITHOUT, planted
from tests.faults.record import record
from tests.http.isolation import Callers, Walk, gather_callers, readers_of, walk_allowed, walk_route
from tests.http.route_table import Scene

BAR = "nothing read, nothing changed, nothing learnt from a status or a count, on every route of every service"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", SERVICES)
async def test_nobody_reads_changes_or_learns_what_is_not_theirs(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], service: str, run_directory: Path
) -> None:
    databases = databases_of(service)
    if planted() == "row_policy":
        async with databases.engine("owner").begin() as connection:
            await connection.execute(text(WITHOUT["row_policy"][service]))
    table = importlib.import_module(f"tests.http.routes.{service}")
    walk, walked = Walk(), sorted({route.name for route in table.ROUTES})
    walk.leaks += await differences_from_openapi(service_world, walked)

    async def stage() -> tuple[Scene, Callers]:
        scene = await table.prepare(service_world, databases)
        return scene, await gather_callers(service_world, scene)

    scene, callers = await stage()
    for route in table.ROUTES:
        knowing = readers_of(route, table.ROUTES)
        await walk_route(service_world, databases.engine("auditor"), route, knowing, scene, callers, walk)
    for route in table.ROUTES:
        await walk_allowed(service_world, route, scene, callers, walk, stage)
    report(
        run_directory / "isolation", service, {"routes": len(walked), "requests": walk.requests, "leaks": walk.leaks}
    )
    assert not walk.leaks, "\n".join(walk.leaks)


async def differences_from_openapi(world: World, walked: list[str]) -> list[str]:
    """Routes that the table does not know, and rows of the table that no route has."""
    prefix = f"/api/{world.service}/v1"
    described = (await world.client.get(f"{prefix}/openapi.json")).json()["paths"]
    served = {
        f"{method.upper()} {path.removeprefix(prefix)}" for path, methods in described.items() for method in methods
    }
    missing = [f"{name} is not in the table of routes" for name in sorted(served.difference(walked))]
    return missing + [f"{name} is in the table, but is no route" for name in walked if name not in served]


def report(directory: Path, service: str, found: dict[str, object]) -> None:
    """Add one service's walk to this run's entry; it is green once all services have been walked and none leaks."""
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (directory / f"{service}.json").write_text(json.dumps(found))
        walks = {path.stem: json.loads(path.read_text()) for path in sorted(directory.glob("*.json"))}
        leaks = [f"{name}: {leak}" for name, walk in walks.items() for leak in walk["leaks"]]
        figures: dict[str, object] = {
            "routes": sum(walk["routes"] for walk in walks.values()),
            "requests": sum(walk["requests"] for walk in walks.values()),
            "services": sorted(walks),
            "leaks": len(leaks),
        }
        if leaks:
            figures["reason"] = leaks[0]
        if planted():
            figures["planted"] = planted()
        record("isolation", figures, BAR, ok=not leaks and set(walks) == set(SERVICES))
