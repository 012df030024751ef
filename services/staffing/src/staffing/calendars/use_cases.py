"""A person makes, replaces and withdraws the address of his calendar."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from staffing.calendars import queries
from staffing.calendars.domain import SECRET_BYTES, CalendarNotFound
from staffing.calendars.tables import CalendarAddress
from staffing.people.domain import digest_of
from staffing.people.queries import lock_person


async def make_address(session: AsyncSession, person_id: UUID) -> tuple[CalendarAddress, str]:
    """Make a new secret, told this once; an earlier one stops working. Raises PersonNotFound."""
    person = await lock_person(session, person_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    address = await queries.lock_address(session, person_id)
    if address is None:
        address = CalendarAddress(person_id=person_id, organisation_id=person.organisation_id)
        session.add(address)
    else:
        address.version += 1
    address.secret_digest, address.made_at = digest_of(secret), now()
    await session.flush()
    return address, secret


async def withdraw_address(session: AsyncSession, person_id: UUID) -> None:
    """Let the address show nothing from this moment on. Raises CalendarNotFound."""
    address = await queries.lock_address(session, person_id)
    if address is None:
        raise CalendarNotFound
    await session.delete(address)
    await session.flush()
