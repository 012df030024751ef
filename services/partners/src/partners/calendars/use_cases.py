"""Giving a resource a secret calendar address, another one, or none."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common import secret_addresses
from partners.calendars.tables import ResourceCalendar
from partners.resources.queries import lock_resource


async def make_address(session: AsyncSession, resource_id: UUID) -> str:
    """A new secret, told this once; an earlier one stops working. Raises ResourceNotFound."""
    resource = await lock_resource(session, resource_id)
    _, secret = await secret_addresses.make_address(session, ResourceCalendar, resource_id, resource.organisation_id)
    return secret


async def withdraw_address(session: AsyncSession, resource_id: UUID) -> None:
    """Let the address lead nowhere; without one nothing changes."""
    await secret_addresses.withdraw_address(session, ResourceCalendar, resource_id)
