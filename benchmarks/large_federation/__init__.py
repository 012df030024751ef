"""The demo federation grown large: 50 associations, 20,000 sessions, 500,000 bookings and all that follows from them.

The associations join through the API, because services and portal hear of them by events; the rest is written as rows,
each service in its own database, with ids that all of them reckon alike.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import asyncpg

from maillage.demo.load_organisations import FEDERATION
from maillage.demo.organisations import ADMIN, ORGANISATIONS
from maillage.demo.state import DemoState
from maillage.signed_in import Platform
from maillage.together import together
from maillage.waiting import until

ASSOCIATIONS = 50
SERVICES = ("activities", "finance", "staffing", "notifications")
TEMPLATE_ACTIVITY = "cirque"
KNOWN_SECONDS_MAX = 120.0
FOLDER = Path(__file__).parent

Joined = list[tuple[int, UUID, UUID]]
"""(number, association, site)."""


async def grow(platform: Platform, state: DemoState) -> None:
    """Make the loaded demo of a running stack the large federation."""
    sites = {one.parent: one.key for one in ORGANISATIONS if one.kind == "site"}
    known = [(state.organisations[parent], state.organisations[site]) for parent, site in sites.items() if parent]
    count = ASSOCIATIONS - len(known)
    known += await together(_found(platform, state.organisations[FEDERATION], number) for number in range(count))
    joined = [(number, UUID(association), UUID(site)) for number, (association, site) in enumerate(known)]
    for service in SERVICES:
        await _write(platform, service, joined, UUID(state.sessions[TEMPLATE_ACTIVITY][0]))


async def _found(platform: Platform, federation_id: str, number: int) -> tuple[str, str]:
    admin = await platform.person(ADMIN)
    common = {"time_zone": "Europe/Brussels", "jurisdiction": "BE-FWB", "languages": ["fr"]}
    body = {**common, "kind": "association", "name": f"Association {number}", "slug": f"association-{number}"}
    body["federation_ids"] = [federation_id]
    association = await admin.create("partners", "/organisations", body, f"large-association-{number}")
    body = {**common, "kind": "site", "name": f"Salle {number}", "slug": f"salle-{number}"}
    body["parent_id"] = association["id"]
    site = await admin.create("partners", "/organisations", body, f"large-site-{number}")
    return association["id"], site["id"]


async def _write(platform: Platform, service: str, joined: Joined, template: UUID) -> None:
    """Once the service knows the associations; triggers are off, or auditing the rows would take the time."""
    connection = await asyncpg.connect(f"{platform.stack.superuser_url.rsplit('/', 1)[0]}/{service}")
    try:
        await until(lambda: _knows(connection, joined), f"{service} knows all associations", KNOWN_SECONDS_MAX)
        await connection.execute("set session_replication_role = replica")
        await connection.execute("create temporary table joined (number bigint, organisation_id uuid, site_id uuid)")
        await connection.copy_records_to_table("joined", records=joined)
        await connection.execute("create temporary table template (session_id uuid)")
        await connection.copy_records_to_table("template", records=[(template,)])
        for script in ("common", service):
            await connection.execute((FOLDER / f"{script}.sql").read_text())
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def _knows(connection: asyncpg.Connection, joined: Joined) -> bool:
    ids = [site for _, _, site in joined]
    count = await connection.fetchval("select count(*) from known_organisations where organisation_id = any($1)", ids)
    return int(count) == len(ids)
