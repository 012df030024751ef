"""What a coordinator does with sessions: schedule one or a series, move, resize, cancel, complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.programmes.queries import get_activity
from activities.sessions import queries
from activities.sessions.domain import (
    CapacityBelowTaken,
    NoPrice,
    Period,
    SessionState,
    check_can_complete,
    check_numbers,
    check_open,
    check_period,
    check_shares,
    expand_series,
    school_holidays,
)
from activities.sessions.tables import PlannedSession, SessionPlaces
from common import due_rows
from common.clock import now
from common.http import check_version
from common.ids import new_id
from common.outbox import publish
from contracts.activities import (
    CostShare,
    SessionCancelled,
    SessionCompleted,
    SessionRescheduled,
    SessionScheduled,
    SupervisionSetting,
)

CANCEL_BOOKINGS = "cancel_bookings_of_session"
OFFER_FREE_PLACES = "offer_free_places"


@dataclass(frozen=True)
class SessionPlan:
    """What all sessions of a plan have in common; prices in minor units by category."""

    activity_id: UUID
    site_id: UUID
    title: str
    capacity: int
    minimum: int
    prices: Mapping[str, int]
    supervision: SupervisionSetting
    age_from: int | None = None
    age_to: int | None = None
    accessibility: Sequence[str] = ()
    cost_shares: Sequence[tuple[UUID, int]] = ()
    open_door: bool = False


@dataclass(frozen=True)
class SeriesPlan:
    """When a series takes place, on the site's clock."""

    first_local: datetime
    duration: timedelta
    rule: str
    except_on: Sequence[date] = ()
    skip_school_holidays: bool = False


async def schedule_session(session: AsyncSession, plan: SessionPlan, period: Period) -> PlannedSession:
    """Plan one session and open it for booking."""
    check_period(period, now())
    return (await _schedule(session, plan, [period], series_id=None))[0]


async def schedule_series(session: AsyncSession, plan: SessionPlan, series: SeriesPlan) -> list[PlannedSession]:
    """Plan a series in the site's time zone, without its exceptions and, if asked, without school holidays."""
    site = await queries.get_site(session, plan.site_id)
    days_off = set(series.except_on)
    if series.skip_school_holidays:
        first = series.first_local.date()
        days_off |= school_holidays(site.jurisdiction, first, first + timedelta(days=400))
    periods = expand_series(series.first_local, series.duration, series.rule, site.time_zone, days_off)
    for period in periods:
        check_period(period, now())
    return await _schedule(session, plan, periods, series_id=new_id())


async def _schedule(
    session: AsyncSession, plan: SessionPlan, periods: Sequence[Period], series_id: UUID | None
) -> list[PlannedSession]:
    check_numbers(plan.capacity, plan.minimum, plan.age_from, plan.age_to)
    check_shares(plan.cost_shares)
    if not plan.prices:
        raise NoPrice("Give at least one price category, 0 for a free session.")
    activity = await get_activity(session, plan.activity_id)
    site = await queries.get_site(session, plan.site_id)
    planned = [_planned_session(plan, period, activity, site, series_id) for period in periods]
    session.add_all(planned)
    await session.flush()
    session.add_all(
        SessionPlaces(session_id=item.id, organisation_id=item.organisation_id, capacity=plan.capacity)
        for item in planned
    )
    await session.flush()
    await publish(session, *(SessionScheduled(**state_of(item, plan.capacity)) for item in planned))
    return planned


def _planned_session(
    plan: SessionPlan, period: Period, activity: Any, site: Any, series_id: UUID | None
) -> PlannedSession:
    return PlannedSession(
        organisation_id=activity.organisation_id,
        activity_id=activity.id,
        programme_id=activity.programme_id,
        series_id=series_id,
        site_id=plan.site_id,
        title=plan.title,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        time_zone=site.time_zone,
        minimum=plan.minimum,
        age_from=plan.age_from,
        age_to=plan.age_to,
        accessibility=list(plan.accessibility),
        prices=dict(plan.prices),
        currency=site.currency,
        jurisdiction=site.jurisdiction,
        supervision=plan.supervision,
        cost_shares=[[str(organisation_id), points] for organisation_id, points in plan.cost_shares],
        open_door=plan.open_door,
    )


def state_of(planned: PlannedSession, capacity: int) -> dict[str, Any]:
    """The fields that every session event carries."""
    return {
        "organisation_id": planned.organisation_id,
        "session_id": planned.id,
        "version": planned.version,
        "activity_id": planned.activity_id,
        "programme_id": planned.programme_id,
        "site_id": planned.site_id,
        "title": planned.title,
        "starts_at": planned.starts_at,
        "ends_at": planned.ends_at,
        "time_zone": planned.time_zone,
        "capacity": capacity,
        "minimum": planned.minimum,
        "currency": planned.currency,
        "jurisdiction": planned.jurisdiction,
        "supervision": planned.supervision,
        "cost_shares": cost_shares_of(planned),
        "open_door": planned.open_door,
    }


def cost_shares_of(planned: PlannedSession) -> tuple[CostShare, ...]:
    """Which association bears what part."""
    return tuple(
        CostShare(organisation_id=UUID(organisation_id), basis_points=points)
        for organisation_id, points in planned.cost_shares
    )


async def _move_on(session: AsyncSession, planned: PlannedSession) -> None:
    """Save the next version of a session; whoever is about to take a place by the earlier one has to look again."""
    planned.version += 1
    await session.flush()
    places = update(SessionPlaces).where(SessionPlaces.session_id == planned.id)
    await session.execute(places.values(session_version=planned.version))


async def reschedule_session(
    session: AsyncSession, session_id: UUID, period: Period, expected_version: int
) -> PlannedSession:
    """Move a session to another time; its bookings stay and everybody is told."""
    planned = await queries.get_session(session, session_id, lock=True)
    check_version(expected_version, planned.version)
    check_open(SessionState(planned.state), planned.starts_at, now())
    check_period(period, now())
    previous = Period(planned.starts_at, planned.ends_at)
    planned.starts_at, planned.ends_at = period.starts_at, period.ends_at
    await _move_on(session, planned)
    capacity = (await queries.get_places(session, session_id)).capacity
    await publish(
        session,
        SessionRescheduled(
            **state_of(planned, capacity),
            previous_starts_at=previous.starts_at,
            previous_ends_at=previous.ends_at,
        ),
    )
    return planned


async def resize_session(
    session: AsyncSession, session_id: UUID, capacity: int, expected_version: int
) -> PlannedSession:
    """Change the capacity; new places are offered to those who wait."""
    planned = await queries.get_session(session, session_id, lock=True)
    check_version(expected_version, planned.version)
    check_open(SessionState(planned.state), planned.starts_at, now())
    check_numbers(capacity, planned.minimum, planned.age_from, planned.age_to)
    places = await queries.lock_places(session, session_id)
    if capacity < places.taken:
        raise CapacityBelowTaken(f"{places.taken} places are taken.")
    places.capacity = capacity
    await _move_on(session, planned)
    await publish(session, SessionScheduled(**state_of(planned, capacity)))
    await due_rows.schedule(session, OFFER_FREE_PLACES, session_id, planned.organisation_id, now())
    return planned


async def cancel_session(session: AsyncSession, session_id: UUID, reason: str, expected_version: int) -> PlannedSession:
    """Call a session off; the worker cancels its bookings, each with an event of its own."""
    planned = await queries.get_session(session, session_id, lock=True)
    check_version(expected_version, planned.version)
    check_open(SessionState(planned.state), planned.starts_at, now())
    planned.state = SessionState.cancelled
    await _move_on(session, planned)
    capacity = (await queries.get_places(session, session_id)).capacity
    await publish(session, SessionCancelled(**state_of(planned, capacity), reason=reason))
    await due_rows.schedule(session, CANCEL_BOOKINGS, session_id, planned.organisation_id, now())
    return planned


async def complete_session(
    session: AsyncSession, session_id: UUID, participants_present: int, walk_ins: int
) -> PlannedSession:
    """Close a session that took place."""
    planned = await queries.get_session(session, session_id, lock=True)
    check_can_complete(SessionState(planned.state), planned.starts_at, now())
    planned.state = SessionState.completed
    await _move_on(session, planned)
    capacity = (await queries.get_places(session, session_id)).capacity
    completed = SessionCompleted(
        **state_of(planned, capacity), participants_present=participants_present, walk_ins=walk_ins
    )
    await publish(session, completed)
    return planned


async def free_places(session: AsyncSession, session_id: UUID, organisation_id: UUID, count: int) -> None:
    """Give places back to a session and have them offered to those who wait."""
    freed = update(SessionPlaces).where(SessionPlaces.session_id == session_id)
    await session.execute(freed.values(taken=SessionPlaces.taken - count).execution_options(synchronize_session=False))
    await due_rows.schedule(session, OFFER_FREE_PLACES, session_id, organisation_id, now())


async def set_places_aside(session: AsyncSession, session_id: UUID, count: int) -> None:
    """Take places for an offer; the row was locked by the caller, who has seen that they are free."""
    taken = update(SessionPlaces).where(SessionPlaces.session_id == session_id)
    await session.execute(taken.values(taken=SessionPlaces.taken + count).execution_options(synchronize_session=False))
