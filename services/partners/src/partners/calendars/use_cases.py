"""Giving a resource a secret calendar address, another one, or none."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from partners.calendars import queries
from partners.calendars.tables import ResourceCalendar
from partners.memberships.domain import code_fingerprint
from partners.resources.queries import lock_resource

SECRET_BYTES = 24


async def make_address(session: AsyncSession, resource_id: UUID) -> str:
    """A new secret, told this once; an earlier one stops to work. Raises ResourceNotFound."""
    resource = await lock_resource(session, resource_id)
    await withdraw_address(session, resource_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    calendar = ResourceCalendar(
        resource_id=resource_id,
        organisation_id=resource.organisation_id,
        secret_fingerprint=code_fingerprint(secret),
        made_at=now(),
    )
    session.add(calendar)
    await session.flush()
    return secret


async def withdraw_address(session: AsyncSession, resource_id: UUID) -> None:
    """Let the address lead nowhere; without one nothing changes."""
    calendar = await queries.find_calendar(session, resource_id)
    if calendar is not None:
        await session.delete(calendar)
        await session.flush()
