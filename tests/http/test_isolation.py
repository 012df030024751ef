"""Nothing of an association is read, changed or learnt by others: on any route, after any event, of any service."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from common.ids import new_id
from common.testing import rolled_back
from tests.conftest import SERVICES, ServiceDatabases
from tests.factories.accounts import World
from tests.http.event_isolation import walk_events
from tests.http.isolation import Callers, Walk, gather_callers, readers_of, walk_allowed, walk_route
from tests.http.route_table import Scene
from tests.http.walk_report import lift_planted_guard, report


@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
async def test_nobody_reads_changes_or_learns_what_is_not_theirs(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], service: str, run_directory: Path
) -> None:
    databases = databases_of(service)
    await lift_planted_guard(databases)
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
    found = {"routes": len(walked), "requests": walk.requests, "leaks": walk.leaks}
    report(run_directory, f"{service} routes", found)
    assert not walk.leaks, "\n".join(walk.leaks)


@pytest.mark.parametrize("service", SERVICES)
async def test_what_an_event_leaves_is_for_those_it_names(
    databases_of: Callable[[str], ServiceDatabases], service: str, run_directory: Path
) -> None:
    databases = databases_of(service)
    await lift_planted_guard(databases)
    async with rolled_back(databases.engine("worker")) as session:
        handled, leaks = await walk_events(session, service, new_id(), new_id())
    report(run_directory, f"{service} events", {"events": handled, "leaks": leaks})
    assert not leaks, "\n".join(leaks)


async def differences_from_openapi(world: World, walked: list[str]) -> list[str]:
    """Routes that the table does not know, and rows of the table that no route has."""
    prefix = f"/api/{world.service}/v1"
    described = (await world.client.get(f"{prefix}/openapi.json")).json()["paths"]
    served = {
        f"{method.upper()} {path.removeprefix(prefix)}" for path, methods in described.items() for method in methods
    }
    missing = [f"{name} is not in the table of routes" for name in sorted(served.difference(walked))]
    return missing + [f"{name} is in the table, but is no route" for name in walked if name not in served]
