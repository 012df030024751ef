"""Questions about sessions and their places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import known_organisations
from activities.holds.queries import rooms_of
from activities.sessions.domain import SessionFacts, SessionState, UnknownSession, UnknownSite
from activities.sessions.tables import PlannedSession, SessionPlaces

SITE = "site"


@dataclass(frozen=True)
class SessionWithPlaces:
    """A session and how many places it has."""

    planned: PlannedSession
    places: SessionPlaces


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions somebody looks for; None does not restrict. `starts_before` is not included."""

    organisation_id: UUID | None = None
    activity_id: UUID | None = None
    series_id: UUID | None = None
    site_id: UUID | None = None
    state: SessionState | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None


async def get_session(session: AsyncSession, session_id: UUID) -> SessionWithPlaces:
    """The session with its places. Raises UnknownSession."""
    statement = (
        select(PlannedSession, SessionPlaces)
        .join(SessionPlaces, SessionPlaces.session_id == PlannedSession.id)
        .where(PlannedSession.id == session_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise UnknownSession("There is no such session.")
    return SessionWithPlaces(*row)


async def lock_session(session: AsyncSession, session_id: UUID) -> SessionWithPlaces:
    """The session as it is now, then its places: both locked for a change. Raises UnknownSession.

    The lock lets bookings refer to the session meanwhile; who takes places waits at their row.
    """
    statement = select(PlannedSession).where(PlannedSession.id == session_id).with_for_update(key_share=True)
    planned = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if planned is None:
        raise UnknownSession("There is no such session.")
    return SessionWithPlaces(planned, await lock_places(session, session_id))


async def find_cancellation_reason(session: AsyncSession, session_id: UUID) -> str | None:
    """What the coordinator said when the session was cancelled."""
    return await session.scalar(select(PlannedSession.cancellation_reason).where(PlannedSession.id == session_id))


async def get_facts(session: AsyncSession, session_id: UUID) -> SessionFacts:
    """What other features need to know of the session, as it is now. Raises UnknownSession."""
    planned = await session.get(PlannedSession, session_id, populate_existing=True)
    if planned is None:
        raise UnknownSession("There is no such session.")
    return SessionFacts(
        id=planned.id,
        organisation_id=planned.organisation_id,
        version=planned.version,
        activity_id=planned.activity_id,
        site_id=planned.site_id,
        title=planned.title,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        time_zone=planned.time_zone,
        state=SessionState(planned.state),
        age_from=planned.age_from,
        age_to=planned.age_to,
        prices=planned.prices,
        currency=planned.currency,
        cost_shares=[(bearer, points) for bearer, points in planned.cost_shares],
        open_door=planned.open_door,
        rooms=(await rooms_of(session, [session_id])).get(session_id, ()),
    )


async def lock_places(session: AsyncSession, session_id: UUID) -> SessionPlaces:
    """The places of a session, locked: nobody takes or frees one until this transaction ends.

    Raises UnknownSession. Locked before any booking of the session, by everybody.
    """
    statement = select(SessionPlaces).where(SessionPlaces.session_id == session_id).with_for_update()
    places = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if places is None:
        raise UnknownSession("There is no such session.")
    return places


async def list_sessions(
    session: AsyncSession, after: UUID | None, limit: int, wanted: SessionFilter
) -> list[SessionWithPlaces]:
    """Up to `limit + 1` sessions that the caller may see, with their places, in the order they were planned."""
    statement = (
        select(PlannedSession, SessionPlaces)
        .join(SessionPlaces, SessionPlaces.session_id == PlannedSession.id)
        .order_by(PlannedSession.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(PlannedSession.id > after)
    for name in ("organisation_id", "activity_id", "series_id", "site_id", "state"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(getattr(PlannedSession, name) == value)
    if wanted.starts_from is not None:
        statement = statement.where(PlannedSession.starts_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        statement = statement.where(PlannedSession.starts_at < wanted.starts_before)
    return [SessionWithPlaces(*row) for row in (await session.execute(statement)).all()]


async def get_site(session: AsyncSession, site_id: UUID) -> Row[*tuple[Any, ...]]:
    """What is known of a site: parent_id, time_zone, currency, jurisdiction. Raises UnknownSite."""
    columns = known_organisations.c
    statement = select(columns.parent_id, columns.time_zone, columns.currency, columns.jurisdiction).where(
        columns.organisation_id == site_id, columns.kind == SITE, columns.ended_at.is_(None)
    )
    site = (await session.execute(statement)).one_or_none()
    if site is None:
        raise UnknownSite("There is no such site.")
    return site


async def count_known_bearers(session: AsyncSession, organisation_ids: Collection[UUID]) -> int:
    """How many of these are organisations that may bear a cost: no sites, and none that has ended."""
    columns = known_organisations.c
    statement = select(func.count()).where(
        columns.organisation_id.in_(organisation_ids), columns.kind != SITE, columns.ended_at.is_(None)
    )
    return int((await session.execute(statement)).scalar_one())
