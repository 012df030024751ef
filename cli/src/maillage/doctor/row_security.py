"""Whether PostgreSQL keeps associations apart, by trying to read and to change rows that are somebody else's."""

from __future__ import annotations

from access.intrusion import find_intrusions, list_protected
from common.settings import ServiceSettings
from maillage.doctor.findings import Finding, failed, ok
from maillage.doctor.platform import Platform
from maillage.doctor.reading import connection_of

PEOPLE = ("api", "worker")
HAS_ROWS = "select exists (select from {table})"


async def check_row_security(platform: Platform) -> list[Finding]:
    """As api and as worker, in the name of an organisation that does not exist: nothing private is read or changed."""
    return [finding for service, settings in platform.settings.items() for finding in await _try(service, settings)]


async def _try(service: str, settings: ServiceSettings) -> list[Finding]:
    async with connection_of(settings.auditor_database_url) as auditor:
        tables = await list_protected(auditor)
        filled = sum([await auditor.fetchval(HAS_ROWS.format(table=table.name)) for table in tables])
    faults: dict[str, None] = {}
    for purpose in PEOPLE:
        async with connection_of(getattr(settings, f"{purpose}_database_url")) as connection:
            faults |= dict.fromkeys(await find_intrusions(connection))
    if faults:
        return [failed(f"In {service}, {fault}.") for fault in faults]
    tried_on = f"{filled} of {len(tables)} tables have rows to try it on"
    return [ok(f"{service}: a stranger reads and changes no private row; {tried_on}.")]
