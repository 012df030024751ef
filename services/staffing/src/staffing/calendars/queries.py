"""What is asked about calendar addresses, by their owners and by who has a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.calendars.domain import SHIFTS_MAX, CalendarNotFound
from staffing.calendars.tables import CalendarAddress

PERSON = text("select person_id, language from person_of_calendar(:digest)")
SHIFTS = text(
    """select id, organisation_id, session_id, version, title, starts_at, ends_at, time_zone
         from shifts_of_calendar(:digest, :from_at, :shifts_max)"""
)


@dataclass(frozen=True)
class OwnCalendar:
    """What an address shows."""

    language: str
    shifts: Sequence[Row[Any]]


async def find_address(session: AsyncSession, person_id: UUID) -> CalendarAddress | None:
    """The address of a person's calendar."""
    return await session.get(CalendarAddress, person_id)


async def get_calendar(session: AsyncSession, digest: bytes, from_at: datetime) -> OwnCalendar:
    """What is shown to who has the secret, from a moment on, the earliest first. Raises CalendarNotFound."""
    person = (await session.execute(PERSON, {"digest": digest})).one_or_none()
    if person is None:
        raise CalendarNotFound
    asked = {"digest": digest, "from_at": from_at, "shifts_max": SHIFTS_MAX}
    return OwnCalendar(person.language, (await session.execute(SHIFTS, asked)).all())
