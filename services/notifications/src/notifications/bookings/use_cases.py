"""Keeping what activities tells of bookings and of sessions that were moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

KEEP_SESSION = text(
    """insert into known_sessions (session_id, organisation_id, version, starts_at, ends_at, site_id)
       values (:session_id, :organisation_id, :version, :starts_at, :ends_at, :site_id)
       on conflict (session_id) do update set version = excluded.version,
              starts_at = excluded.starts_at, ends_at = excluded.ends_at, site_id = excluded.site_id
        where known_sessions.version < excluded.version"""
)
# One round trip for both: bookings are many.
KEEP_BOOKING = text(
    """with kept as (
       insert into known_bookings (booking_id, organisation_id, version, session_id, state, contact_id,
              booked_by_organisation_id, participant_ids, home_organisation_ids)
       values (:booking_id, :organisation_id, :version, :session_id, :state, :contact_id,
              :booked_by_organisation_id, :participant_ids, :home_organisation_ids)
       on conflict (booking_id) do update set
              version = excluded.version, session_id = excluded.session_id, state = excluded.state,
              contact_id = excluded.contact_id, booked_by_organisation_id = excluded.booked_by_organisation_id,
              participant_ids = excluded.participant_ids, home_organisation_ids = excluded.home_organisation_ids
        where known_bookings.version <= excluded.version)
       select starts_at, ends_at, site_id from known_sessions
        where session_id = :session_id and version > :session_version"""
)


async def keep_booking(session: AsyncSession, booking: Mapping[str, Any]) -> Mapping[str, datetime | UUID]:
    """Keep a booking unless a later version is known; gives the session's times and site if it was moved after that.

    The site is left out where only the times of the move are known.
    """
    row = (await session.execute(KEEP_BOOKING, booking)).mappings().one_or_none()
    return {name: value for name, value in (row or {}).items() if value is not None}


async def keep_session(session: AsyncSession, planned: Mapping[str, Any]) -> None:
    """Keep when and where a session takes place that was moved, unless a later version is known."""
    await session.execute(KEEP_SESSION, planned)
