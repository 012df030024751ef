"""What is asked about calendar addresses, by their owners and by who has a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.calendars.domain import BOOKINGS_MAX, CalendarNotFound
from activities.calendars.tables import CalendarAddress

CONTACT = text("select language from contact_of_calendar(:digest)")
BOOKINGS = text(
    """select id, organisation_id, session_id, site_id, version, title, starts_at, ends_at, given_names, rooms
         from bookings_of_calendar(:digest, :from_at, :bookings_max)"""
)


@dataclass(frozen=True)
class HouseholdCalendar:
    """What an address shows."""

    language: str
    bookings: Sequence[Row[Any]]


async def find_address(session: AsyncSession, contact_id: UUID) -> CalendarAddress | None:
    """The address that a contact has."""
    return await session.get(CalendarAddress, contact_id)


async def get_calendar(session: AsyncSession, digest: bytes, from_at: datetime) -> HouseholdCalendar:
    """What is shown to who has the secret, from a moment on, the earliest first. Raises CalendarNotFound."""
    contact = (await session.execute(CONTACT, {"digest": digest})).one_or_none()
    if contact is None:
        raise CalendarNotFound
    asked = {"digest": digest, "from_at": from_at, "bookings_max": BOOKINGS_MAX}
    return HouseholdCalendar(contact.language, (await session.execute(BOOKINGS, asked)).all())
