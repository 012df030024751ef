"""Questions about who is booked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.bookings.tables import KnownBooking


async def list_live_bookings(session: AsyncSession, session_id: UUID) -> Sequence[KnownBooking]:
    """The bookings of a session that are not cancelled."""
    statement = select(KnownBooking).where(KnownBooking.session_id == session_id, KnownBooking.state != "cancelled")
    return (await session.scalars(statement)).all()
