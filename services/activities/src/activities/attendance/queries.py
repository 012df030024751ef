"""Questions about attendance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.attendance.tables import AnonymousCount, AttendanceMark, AttendanceSheet

ROSTER = text(
    """select place.participant_id, place.home_organisation_id, place.age, place.price_category, place.price_minor,
              person.given_name, person.family_name, person.household_id,
              booking.id as booking_id, booking.state as booking_state, booking.waiting_since,
              booking.offer_expires_at, booking.booked_by_organisation_id,
              contact.display_name as contact_name, contact.email as contact_email,
              contact.phone as contact_phone, mark.state as mark,
              coalesce(consent.given, '{}') as consents_given, coalesce(consent.refused, '{}') as consents_refused
         from booked_places place
         join bookings booking on booking.id = place.booking_id
         join participants person on person.id = place.participant_id
         left join contacts contact on contact.id = booking.contact_id
         left join attendance_marks mark
                on mark.session_id = place.session_id and mark.participant_id = place.participant_id
         left join lateral (
              select array_agg(purpose order by purpose) filter (where is_given) as given,
                     array_agg(purpose order by purpose) filter (where not is_given) as refused
                from (select distinct on (purpose) purpose, is_given from consents
                       where participant_id = place.participant_id order by purpose, id desc) newest) consent on true
        where place.session_id = :session_id and place.cancelled_at is null and booking.state <> 'cancelled'
        order by person.family_name, person.given_name, place.participant_id"""
)


async def find_sheet(session: AsyncSession, session_id: UUID) -> AttendanceSheet | None:
    """The list of a session, once somebody has written on it."""
    return await session.get(AttendanceSheet, session_id, populate_existing=True)


async def list_marks(session: AsyncSession, session_id: UUID) -> Sequence[AttendanceMark]:
    """The marks of a session that the caller may see, those of places given up since included."""
    statement = select(AttendanceMark).where(AttendanceMark.session_id == session_id)
    ordered = statement.order_by(AttendanceMark.participant_id).execution_options(populate_existing=True)
    return (await session.scalars(ordered)).all()


async def find_mark(session: AsyncSession, session_id: UUID, participant_id: UUID) -> AttendanceMark | None:
    """The mark of one participant, of a place given up since too."""
    return await session.get(AttendanceMark, (session_id, participant_id), populate_existing=True)


async def list_counts(session: AsyncSession, session_id: UUID) -> Sequence[AnonymousCount]:
    """The anonymous counts of a session, youngest first."""
    statement = select(AnonymousCount).where(AnonymousCount.session_id == session_id)
    return (await session.scalars(statement.order_by(AnonymousCount.from_age))).all()


async def list_roster(session: AsyncSession, session_id: UUID) -> Sequence[Row[Any]]:
    """Everybody with a place in a live booking of the session whom the caller may see, by family name."""
    return (await session.execute(ROSTER, {"session_id": session_id})).all()
