"""A person makes, replaces and withdraws the address of his calendar."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common import secret_addresses
from staffing.calendars.domain import CalendarNotFound
from staffing.calendars.tables import CalendarAddress
from staffing.people.queries import lock_person


async def make_address(session: AsyncSession, person_id: UUID) -> tuple[CalendarAddress, str]:
    """Make a new secret, told this once; an earlier one stops working. Raises PersonNotFound."""
    person = await lock_person(session, person_id)
    return await secret_addresses.make_address(session, CalendarAddress, person_id, person.organisation_id)


async def withdraw_address(session: AsyncSession, person_id: UUID) -> None:
    """Let the address show nothing from this moment on. Raises CalendarNotFound."""
    if not await secret_addresses.withdraw_address(session, CalendarAddress, person_id):
        raise CalendarNotFound
