"""What is asked about calendar addresses."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from partners.calendars.domain import Address, UnknownAddress
from partners.calendars.tables import ResourceCalendar

ADDRESS = text("select resource_id, organisation_id from calendar_of_secret(:fingerprint)")


async def get_address(session: AsyncSession, fingerprint: bytes) -> Address:
    """Where a secret leads to; asked as nobody. Raises UnknownAddress."""
    row = (await session.execute(ADDRESS, {"fingerprint": fingerprint})).one_or_none()
    if row is None:
        raise UnknownAddress("There is no such calendar.")
    return Address(**row._mapping)


async def find_calendar(session: AsyncSession, resource_id: UUID) -> ResourceCalendar | None:
    """The address of one's own resource, if it has one."""
    return await session.get(ResourceCalendar, resource_id)
