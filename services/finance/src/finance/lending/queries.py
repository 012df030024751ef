"""What is asked about lent resources."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from finance.lending.domain import NotItsReservation
from finance.lending.tables import LentReservation


async def lock_lent_reservation(session: AsyncSession, reservation_id: UUID) -> LentReservation:
    """What is booked for a reservation, held until the transaction ends. Raises NotItsReservation."""
    statement = select(LentReservation).where(LentReservation.reservation_id == reservation_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise NotItsReservation(f"The reservation {reservation_id} belongs to another owner.")
    return found
