"""Questions about what guests hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.guests.domain import OPEN_STATES, UnknownGuestCode
from activities.guests.tables import GuestHold
from activities.participants.domain import digest_of
from activities.participants.queries import list_contact_ids_of_email
from common.database import ACTOR_SETTING, REQUEST_SETTING, Context

GUEST = "guest"
HOLD_OF_CODE = text("select hold_id, organisation_id, session_id from hold_of_guest_code(:digest)")


def guest_context(request_id: str | None) -> Context:
    """The context of somebody of whom nothing is known: published rows only."""
    return {ACTOR_SETTING: GUEST, REQUEST_SETTING: request_id or ""}


@dataclass(frozen=True)
class CodeOf:
    """Whose code it is."""

    hold_id: UUID
    organisation_id: UUID
    session_id: UUID


async def get_owner_of_code(session: AsyncSession, code: str) -> CodeOf:
    """The hold that the code was sent for. Raises UnknownGuestCode."""
    row = (await session.execute(HOLD_OF_CODE, {"digest": digest_of(code)})).one_or_none()
    if row is None:
        raise UnknownGuestCode("This link does not work. Open the one in the newest e-mail, or book again.")
    return CodeOf(row.hold_id, row.organisation_id, row.session_id)


async def lock_hold(session: AsyncSession, hold_id: UUID) -> GuestHold:
    """The hold as it is now; the places of its session are locked already. Raises UnknownGuestCode."""
    statement = select(GuestHold).where(GuestHold.id == hold_id).with_for_update()
    hold = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if hold is None:
        raise UnknownGuestCode("There is no such hold.")
    return hold


async def lock_hold_of_booking(session: AsyncSession, booking_id: UUID) -> GuestHold | None:
    """What a booking was before, when a guest made it."""
    statement = select(GuestHold).where(GuestHold.id == booking_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def lock_holds_of_households(session: AsyncSession, household_ids: Collection[UUID]) -> Sequence[GuestHold]:
    """What these households booked as guests, in the order of ids."""
    statement = select(GuestHold).where(GuestHold.household_id.in_(household_ids)).order_by(GuestHold.id)
    return (await session.scalars(statement.with_for_update().execution_options(populate_existing=True))).all()


async def get_session_of_hold(session: AsyncSession, hold_id: UUID) -> UUID:
    """The session that the hold is for, which never changes. Raises UnknownGuestCode."""
    session_id = await session.scalar(select(GuestHold.session_id).where(GuestHold.id == hold_id))
    if session_id is None:
        raise UnknownGuestCode("There is no such hold.")
    return session_id


async def list_open_holds_of_email(session: AsyncSession, session_id: UUID, email: str) -> list[UUID]:
    """What this address still holds in the session, or asked for."""
    contact_ids = await list_contact_ids_of_email(session, email)
    statement = select(GuestHold.id).where(
        GuestHold.session_id == session_id, GuestHold.state.in_(OPEN_STATES), GuestHold.contact_id.in_(contact_ids)
    )
    return list(await session.scalars(statement.order_by(GuestHold.id)))
