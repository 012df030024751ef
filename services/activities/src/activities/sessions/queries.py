"""Questions about sessions and their places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from activities.sessions.domain import UnknownSession, UnknownSite
from activities.sessions.tables import PlannedSession, SessionPlaces
from contracts.partners import OrganisationKind


async def get_session(session: AsyncSession, session_id: UUID, *, lock: bool = False) -> PlannedSession:
    """The session, locked for a change if asked. Raises UnknownSession."""
    planned = await session.get(PlannedSession, session_id, with_for_update=lock)
    if planned is None:
        raise UnknownSession("There is no such session.")
    return planned


async def get_places(session: AsyncSession, session_id: UUID) -> SessionPlaces:
    """The places of a session as they are now. Raises UnknownSession."""
    places = await session.get(SessionPlaces, session_id)
    if places is None:
        raise UnknownSession("There is no such session.")
    return places


async def lock_places(session: AsyncSession, session_id: UUID) -> SessionPlaces:
    """The places of a session, locked: nobody takes or frees one until this transaction ends."""
    statement = select(SessionPlaces).where(SessionPlaces.session_id == session_id)
    return (await session.scalars(statement.with_for_update().execution_options(populate_existing=True))).one()


async def list_sessions(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    activity_id: UUID | None,
    starts_from: datetime | None,
    starts_before: datetime | None,
) -> Sequence[Row[PlannedSession, SessionPlaces]]:
    """Up to `limit + 1` sessions that the caller may see, with their places, in the order they were planned."""
    statement = (
        select(PlannedSession, SessionPlaces)
        .join(SessionPlaces, SessionPlaces.session_id == PlannedSession.id)
        .order_by(PlannedSession.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(PlannedSession.id > after)
    if activity_id is not None:
        statement = statement.where(PlannedSession.activity_id == activity_id)
    if starts_from is not None:
        statement = statement.where(PlannedSession.starts_at >= starts_from)
    if starts_before is not None:
        statement = statement.where(PlannedSession.starts_at < starts_before)
    return (await session.execute(statement)).all()


async def get_site(session: AsyncSession, site_id: UUID) -> Row[*tuple[Any, ...]]:
    """What is known of a site: parent_id, time_zone, currency, jurisdiction. Raises UnknownSite."""
    columns = known_organisations.c
    statement = select(columns.parent_id, columns.time_zone, columns.currency, columns.jurisdiction).where(
        columns.organisation_id == site_id,
        columns.kind == OrganisationKind.site,
        columns.ended_at.is_(None),
    )
    site = (await session.execute(statement)).one_or_none()
    if site is None:
        raise UnknownSite("There is no such site.")
    return site
