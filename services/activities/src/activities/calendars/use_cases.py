"""Who answers for a household makes, replaces and withdraws the address of its calendar."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.calendars.domain import CalendarNotFound
from activities.calendars.tables import CalendarAddress
from activities.participants.queries import lock_contact
from common import secret_addresses


async def make_address(session: AsyncSession, contact_id: UUID) -> tuple[CalendarAddress, str]:
    """Make a new secret, told this once; an earlier one stops working. Raises ContactNotFound."""
    contact = await lock_contact(session, contact_id)
    return await secret_addresses.make_address(session, CalendarAddress, contact_id, contact.organisation_id)


async def withdraw_address(session: AsyncSession, contact_id: UUID) -> None:
    """Let the address show nothing from this moment on. Raises CalendarNotFound."""
    if not await secret_addresses.withdraw_address(session, CalendarAddress, contact_id):
        raise CalendarNotFound
