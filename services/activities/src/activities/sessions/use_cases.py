"""What a coordinator does with sessions: schedule one or a series, change, cancel, complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.holds.domain import NOTHING, Wishes
from activities.holds.use_cases import (
    SessionNeeds,
    ask_again_when_moved,
    ask_for_everything,
    release_for_cancelled_session,
)
from activities.programmes.domain import ProgrammeState, check_not_closed
from activities.programmes.queries import get_activity, lock_programme
from activities.sessions import queries
from activities.sessions.domain import (
    SCHOOL_CALENDARS,
    SERIES_DAYS_MAX,
    Period,
    PossibleDay,
    SessionState,
    SiteOfAnotherCurrency,
    UnknownBearer,
    check_can_complete,
    check_capacity,
    check_numbers,
    check_open,
    check_period,
    check_prices,
    check_scheduled,
    check_shares,
    expand_series,
    name_holidays,
    possible_days,
    school_holidays,
)
from activities.sessions.queries import SessionWithPlaces
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
    wishes: Wishes = NOTHING


@dataclass(frozen=True)
class SeriesPlan:
    """When a series takes place, on the site's clock."""

    first_local: datetime
    duration: timedelta
    rule: str
    except_on: Sequence[date] = ()
    skip_school_holidays: bool = False


@dataclass(frozen=True)
class SessionChange:
    """What shall be different: period, site, number of places, values of columns, wishes; None leaves it as it is."""

    period: Period | None = None
    site_id: UUID | None = None
    capacity: int | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    wishes: Wishes | None = None


async def schedule_session(session: AsyncSession, plan: SessionPlan, period: Period) -> SessionWithPlaces:
    """Plan one session and open it for booking."""
    check_period(period, now())
    return (await _schedule(session, plan, [period], series_id=None))[0]


async def schedule_series(session: AsyncSession, plan: SessionPlan, series: SeriesPlan) -> list[SessionWithPlaces]:
    """Plan a series in the site's time zone, without its exceptions and, if asked, without school holidays."""
    site = await queries.get_site(session, plan.site_id)
    days_off = set(series.except_on)
    if series.skip_school_holidays:
        first = series.first_local.date()
        days_off |= school_holidays(site.jurisdiction, first, first + timedelta(days=SERIES_DAYS_MAX))
    periods = expand_series(series.first_local, series.duration, series.rule, site.time_zone, days_off)
    for period in periods:
        check_period(period, now())
    return await _schedule(session, plan, periods, series_id=new_id())


async def preview_series(
    session: AsyncSession, site_id: UUID, series: SeriesPlan, language: str
) -> tuple[str, list[PossibleDay]]:
    """The site's time zone and every date of a series; holidays by name where a school calendar is known.

    Raises UnknownSite or InvalidRecurrence.
    """
    site = await queries.get_site(session, site_id)
    first = series.first_local.date()
    named: dict[date, str] = {}
    if site.jurisdiction in SCHOOL_CALENDARS:
        named = name_holidays(site.jurisdiction, first, first + timedelta(days=SERIES_DAYS_MAX), language)
    return site.time_zone, possible_days(series.first_local, series.duration, series.rule, site.time_zone, named)


async def _schedule(
    session: AsyncSession, plan: SessionPlan, periods: Sequence[Period], series_id: UUID | None
) -> list[SessionWithPlaces]:
    check_numbers(plan.capacity, plan.minimum, plan.age_from, plan.age_to)
    check_prices(plan.prices)
    await _check_shares(session, plan.cost_shares)
    activity = await get_activity(session, plan.activity_id)
    check_not_closed(ProgrammeState((await lock_programme(session, activity.programme_id)).state))
    site = await queries.get_site(session, plan.site_id)
    planned = [_planned_session(plan, period, activity, site, series_id) for period in periods]
    session.add_all(planned)
    await session.flush()
    scheduled = [
        SessionWithPlaces(
            item, SessionPlaces(session_id=item.id, organisation_id=item.organisation_id, capacity=plan.capacity)
        )
        for item in planned
    ]
    session.add_all(item.places for item in scheduled)
    await session.flush()
    await publish(session, *(SessionScheduled(**state_of(item)) for item in scheduled))
    for item in scheduled:
        await ask_for_everything(session, needs_of(item.planned), plan.wishes)
    return scheduled


async def _check_shares(session: AsyncSession, shares: Sequence[tuple[UUID, int]]) -> None:
    check_shares(shares)
    bearers = {organisation_id for organisation_id, _ in shares}
    if bearers and await queries.count_known_bearers(session, bearers) < len(bearers):
        raise UnknownBearer("Some of the organisations that shall bear a share are not known.")


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


def state_of(found: SessionWithPlaces) -> dict[str, Any]:
    """The fields that every session event carries."""
    planned = found.planned
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
        "capacity": found.places.capacity,
        "minimum": planned.minimum,
        "currency": planned.currency,
        "jurisdiction": planned.jurisdiction,
        "supervision": planned.supervision,
        "cost_shares": cost_shares_of(planned.cost_shares),
        "open_door": planned.open_door,
    }


def cost_shares_of(stored: Sequence[Any]) -> tuple[CostShare, ...]:
    """Which association bears what part."""
    return tuple(CostShare(organisation_id=bearer, basis_points=points) for bearer, points in stored)


def needs_of(planned: PlannedSession) -> SessionNeeds:
    """The session as those must know it whom it asks for something."""
    return SessionNeeds(
        planned.id,
        planned.organisation_id,
        planned.title,
        planned.starts_at,
        planned.ends_at,
        planned.time_zone,
        planned.site_id,
    )


async def change_session(
    session: AsyncSession, session_id: UUID, change: SessionChange, expected_version: int
) -> SessionWithPlaces:
    """Change a session that is still to come; its bookings stay. New places are offered to those who wait.

    When it moves to another time or site, or wishes for something else, everything is asked for anew.
    """
    found = await queries.lock_session(session, session_id)
    planned, places = found.planned, found.places
    check_version(expected_version, planned.version)
    check_open(SessionState(planned.state), planned.starts_at, now())
    before = _whereabouts(planned)
    if change.capacity is not None:
        check_capacity(change.capacity, places.taken)
        places.capacity = change.capacity
        await due_rows.schedule(session, OFFER_FREE_PLACES, session_id, planned.organisation_id, now())
    if change.period is not None:
        check_period(change.period, now())
        planned.starts_at, planned.ends_at = change.period.starts_at, change.period.ends_at
    if change.site_id is not None:
        await _move_to_site(session, planned, change.site_id)
    for name, value in change.columns.items():
        setattr(planned, name, value)
    check_numbers(places.capacity, planned.minimum, planned.age_from, planned.age_to)
    check_prices(planned.prices)
    await _move_on(session, found)
    has_moved = _whereabouts(planned) != before
    if has_moved:
        await publish(session, SessionRescheduled(**state_of(found), **before))
    else:
        await publish(session, SessionScheduled(**state_of(found)))
    if change.wishes is not None:
        await ask_for_everything(session, needs_of(planned), change.wishes)
    elif has_moved:
        await ask_again_when_moved(session, needs_of(planned))
    return found


def _whereabouts(planned: PlannedSession) -> dict[str, Any]:
    """When and where a session takes place, as the event of its move tells it of the time before."""
    return {
        "previous_starts_at": planned.starts_at,
        "previous_ends_at": planned.ends_at,
        "previous_site_id": planned.site_id,
    }


async def _move_to_site(session: AsyncSession, planned: PlannedSession, site_id: UUID) -> None:
    """Move a session to a site, whose clock and jurisdiction it takes. Raises UnknownSite, SiteOfAnotherCurrency."""
    site = await queries.get_site(session, site_id)
    if site.currency != planned.currency:
        raise SiteOfAnotherCurrency(f"The prices are in {planned.currency}, those of the site in {site.currency}.")
    planned.site_id, planned.time_zone, planned.jurisdiction = site_id, site.time_zone, site.jurisdiction


async def _move_on(session: AsyncSession, found: SessionWithPlaces) -> None:
    """Save the next version of a session; whoever is about to take a place by the earlier one has to look again."""
    found.planned.version += 1
    found.places.session_version = found.planned.version
    await session.flush()


async def cancel_session(
    session: AsyncSession, session_id: UUID, reason: str, expected_version: int
) -> SessionWithPlaces:
    """Call a session off, at the last moment too; the worker cancels its bookings, each with an event of its own."""
    found = await queries.lock_session(session, session_id)
    check_version(expected_version, found.planned.version)
    check_scheduled(SessionState(found.planned.state))
    found.planned.state, found.planned.cancellation_reason = SessionState.cancelled, reason
    await _move_on(session, found)
    await publish(session, SessionCancelled(**state_of(found), reason=reason))
    await due_rows.schedule(session, CANCEL_BOOKINGS, session_id, found.planned.organisation_id, now())
    await release_for_cancelled_session(session, session_id)
    return found


async def complete_session(
    session: AsyncSession, session_id: UUID, participants_present: int, walk_ins: int
) -> SessionWithPlaces:
    """Close a session that took place."""
    found = await queries.lock_session(session, session_id)
    check_can_complete(SessionState(found.planned.state), found.planned.starts_at, now())
    found.planned.state = SessionState.completed
    await _move_on(session, found)
    completed = SessionCompleted(**state_of(found), participants_present=participants_present, walk_ins=walk_ins)
    await publish(session, completed)
    return found


async def free_places(session: AsyncSession, session_id: UUID, organisation_id: UUID, count: int) -> None:
    """Give places back to a session and have them offered to those who wait. The places are locked."""
    await _count(session, session_id, taken=-count)
    await due_rows.schedule(session, OFFER_FREE_PLACES, session_id, organisation_id, now())


async def set_places_aside(session: AsyncSession, session_id: UUID, count: int) -> None:
    """Take places for a booking that waited; the caller has locked them and seen that they are free."""
    await _count(session, session_id, taken=count, waiting=-1)


async def hold_places(session: AsyncSession, session_id: UUID, count: int) -> None:
    """Take places of a session; the caller has locked them and seen that they are free."""
    await _count(session, session_id, taken=count)


async def shorten_waiting_list(
    session: AsyncSession, session_id: UUID, organisation_id: UUID, bookings_gone: int
) -> None:
    """Some wait no more, or for fewer places: others may be served now. The places are locked."""
    await _count(session, session_id, waiting=-bookings_gone)
    await due_rows.schedule(session, OFFER_FREE_PLACES, session_id, organisation_id, now())


async def lengthen_waiting_list(session: AsyncSession, session_id: UUID) -> None:
    """One more booking waits. The places are locked."""
    await _count(session, session_id, waiting=1)


async def _count(session: AsyncSession, session_id: UUID, *, taken: int = 0, waiting: int = 0) -> None:
    counted = update(SessionPlaces).where(SessionPlaces.session_id == session_id)
    values = {"taken": SessionPlaces.taken + taken, "waiting_count": SessionPlaces.waiting_count + waiting}
    await session.execute(counted.values(values).execution_options(synchronize_session=False))
