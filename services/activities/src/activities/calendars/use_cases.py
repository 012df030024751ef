"""Who answers for a household makes, replaces and withdraws the address of its calendar."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from activities.calendars import queries
from activities.calendars.domain import SECRET_BYTES, CalendarNotFound
from activities.calendars.tables import CalendarAddress
from activities.participants.domain import digest_of
from activities.participants.queries import lock_contact
from common.clock import now


async def make_address(session: AsyncSession, contact_id: UUID) -> tuple[CalendarAddress, str]:
    """Make a new secret, told this once; an earlier one stops working. Raises ContactNotFound."""
    contact = await lock_contact(session, contact_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    address = await queries.lock_address(session, contact_id)
    if address is None:
        address = CalendarAddress(contact_id=contact_id, organisation_id=contact.organisation_id)
        session.add(address)
    else:
        address.version += 1
    address.secret_digest, address.made_at = digest_of(secret), now()
    await session.flush()
    return address, secret


async def withdraw_address(session: AsyncSession, contact_id: UUID) -> None:
    """Let the address show nothing from this moment on. Raises CalendarNotFound."""
    address = await queries.lock_address(session, contact_id)
    if address is None:
        raise CalendarNotFound
    await session.delete(address)
    await session.flush()
