"""Sessions from planned to completed: rows, events, and what becomes due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from access.principals import Principal
from access.roles import TEAM
from activities.programmes.domain import ProgrammeClosed, ProgrammeState, UnknownActivity
from activities.programmes.queries import get_activity, get_programme
from activities.programmes.use_cases import add_activity, draft_programme, move_programme
from activities.sessions import queries
from activities.sessions.domain import (
    AgesCrossed,
    CapacityBelowTaken,
    InvalidRecurrence,
    MinimumAboveCapacity,
    NotYetOver,
    Period,
    SessionNotOpen,
    SiteOfAnotherCurrency,
    StartsInThePast,
    UnknownBearer,
    UnknownSession,
    UnknownSite,
)
from activities.sessions.use_cases import (
    CANCEL_BOOKINGS,
    OFFER_FREE_PLACES,
    SeriesPlan,
    SessionChange,
    cancel_session,
    change_session,
    complete_session,
    schedule_series,
)
from common.database import apply_context, organisation_context
from common.ids import new_id
from common.problems import ProblemError
from contracts.activities import SessionCancelled, SessionCompleted, SessionRescheduled, SessionScheduled
from tests.activities.conftest import Desk, activity_plan, programme_plan, session_plan


def next_monday(hour: int = 14) -> datetime:
    today = datetime.now(ZoneInfo("Europe/Brussels")).replace(tzinfo=None)
    monday = today + timedelta(days=7 - today.weekday())
    return monday.replace(hour=hour, minute=0, second=0, microsecond=0)


async def test_a_session_is_planned_with_its_places_and_announced(desk: Desk) -> None:
    bearer = desk.organisation_id
    session_id = await desk.planned(capacity=12, minimum=3, cost_shares=[(bearer, 10_000)], accessibility=["ramp"])
    found = await queries.get_session(desk.session, session_id)
    assert (found.planned.state, found.planned.version, found.planned.time_zone) == ("scheduled", 1, "Europe/Brussels")
    assert (found.places.capacity, found.places.taken, found.places.session_version) == (12, 0, 1)
    (event,) = await desk.events(SessionScheduled)
    assert (event.session_id, event.capacity, event.minimum, event.currency) == (session_id, 12, 3, "EUR")
    assert event.cost_shares[0].organisation_id == bearer


async def test_a_series_leaves_out_exceptions(desk: Desk) -> None:
    activity_id, first = await desk.activity(), next_monday()
    left_out = (first + timedelta(days=7)).date()
    series = SeriesPlan(first, timedelta(hours=2), "FREQ=WEEKLY;COUNT=3", except_on=[left_out])
    planned = await schedule_series(desk.session, session_plan(activity_id, desk.site_id), series)
    zone = ZoneInfo("Europe/Brussels")
    starts = [item.planned.starts_at.astimezone(zone).replace(tzinfo=None) for item in planned]
    assert starts == [first, first + timedelta(days=14)]
    assert len({item.planned.series_id for item in planned}) == 1
    assert [event.session_id for event in await desk.events(SessionScheduled)] == [item.planned.id for item in planned]


async def test_a_series_pauses_in_school_holidays(desk: Desk) -> None:
    activity_id, first = await desk.activity(), next_monday()
    plan = session_plan(activity_id, desk.site_id)
    rule = "FREQ=WEEKLY;COUNT=52"
    everywhere = await schedule_series(desk.session, plan, SeriesPlan(first, timedelta(hours=2), rule))
    paused = SeriesPlan(first, timedelta(hours=2), rule, skip_school_holidays=True)
    at_school = await schedule_series(desk.session, plan, paused)
    # Two weeks four times a year, about eight in summer, and some Mondays.
    assert 14 <= len(everywhere) - len(at_school) <= 22


async def test_a_plan_must_be_possible(desk: Desk) -> None:
    activity_id = await desk.activity()
    with pytest.raises(UnknownActivity):
        await desk.planned(new_id())
    with pytest.raises(StartsInThePast):
        await desk.planned(activity_id, in_hours=-1)
    with pytest.raises(MinimumAboveCapacity):
        await desk.planned(activity_id, capacity=2, minimum=3)
    with pytest.raises(AgesCrossed):
        await desk.planned(activity_id, age_from=12, age_to=6)
    for bearer in (new_id(), desk.site_id):
        with pytest.raises(UnknownBearer):
            await desk.planned(activity_id, cost_shares=[(bearer, 10_000)])
    for site_id in (new_id(), desk.organisation_id):
        series = SeriesPlan(next_monday(), timedelta(hours=1), "FREQ=DAILY;COUNT=1")
        with pytest.raises(UnknownSite):
            await schedule_series(desk.session, session_plan(activity_id, site_id), series)
    series = SeriesPlan(next_monday(), timedelta(hours=1), "FREQ=DAILY")
    with pytest.raises(InvalidRecurrence):
        await schedule_series(desk.session, session_plan(activity_id, desk.site_id), series)
    assert await desk.events(SessionScheduled) == []


async def test_a_closed_programme_gets_no_session(desk: Desk) -> None:
    activity_id = await desk.activity()
    programme_id = (await get_activity(desk.session, activity_id)).programme_id
    version = (await get_programme(desk.session, programme_id)).programme.version
    await move_programme(desk.session, programme_id, ProgrammeState.closed, version)
    with pytest.raises(ProgrammeClosed):
        await desk.planned(activity_id)


def moved(hours: float) -> Period:
    starts_at = datetime.now(UTC) + timedelta(hours=hours)
    return Period(starts_at, starts_at + timedelta(hours=1))


async def test_a_session_moves_and_says_from_where(desk: Desk) -> None:
    session_id = await desk.planned()
    before = (await queries.get_session(desk.session, session_id)).planned.starts_at
    period = moved(hours=300)
    found = await change_session(
        desk.session, session_id, SessionChange(period, capacity=9, columns={"title": "Clown"}), 1
    )
    assert (found.planned.version, found.places.session_version, found.places.capacity) == (2, 2, 9)
    (event,) = await desk.events(SessionRescheduled)
    assert (event.previous_starts_at, event.starts_at, event.version) == (before, period.starts_at, 2)
    assert (event.title, event.capacity) == ("Clown", 9)
    assert await desk.due(OFFER_FREE_PLACES) == [session_id]


async def test_a_session_moves_to_another_site_and_takes_its_clock(desk: Desk) -> None:
    session_id = await desk.planned()
    elsewhere = await desk.another_site(time_zone="Europe/London")
    found = await change_session(desk.session, session_id, SessionChange(site_id=elsewhere), 1)
    assert (found.planned.site_id, found.planned.time_zone) == (elsewhere, "Europe/London")
    (event,) = await desk.events(SessionRescheduled)
    assert (event.previous_site_id, event.site_id) == (desk.site_id, elsewhere)
    assert (event.previous_starts_at, event.version) == (event.starts_at, 2)


async def test_a_session_moves_only_to_a_site_where_its_prices_mean_something(desk: Desk) -> None:
    session_id = await desk.planned()
    abroad = await desk.another_site(currency="GBP")
    with pytest.raises(SiteOfAnotherCurrency):
        await change_session(desk.session, session_id, SessionChange(site_id=abroad), 1)
    with pytest.raises(UnknownSite):
        await change_session(desk.session, session_id, SessionChange(site_id=new_id()), 1)
    assert (await queries.get_session(desk.session, session_id)).planned.site_id == desk.site_id
    assert await desk.events(SessionRescheduled) == []


async def test_a_change_that_does_not_move_is_announced_as_the_state(desk: Desk) -> None:
    session_id = await desk.planned()
    await change_session(desk.session, session_id, SessionChange(columns={"minimum": 2, "age_to": 12}), 1)
    assert await desk.events(SessionRescheduled) == []
    assert [(event.version, event.minimum) for event in await desk.events(SessionScheduled)] == [(1, 0), (2, 2)]
    assert await desk.due(OFFER_FREE_PLACES) == []


async def test_the_capacity_stays_above_what_is_taken(desk: Desk) -> None:
    session_id = await desk.planned(capacity=3)
    await desk.book(session_id, await desk.participant())
    with pytest.raises(CapacityBelowTaken):
        await change_session(desk.session, session_id, SessionChange(capacity=0), 1)
    assert (await change_session(desk.session, session_id, SessionChange(capacity=1), 1)).places.capacity == 1


async def test_impossible_changes_are_refused(desk: Desk) -> None:
    session_id = await desk.planned()
    with pytest.raises(ProblemError):
        await change_session(desk.session, session_id, SessionChange(capacity=4), 2)
    with pytest.raises(StartsInThePast):
        await change_session(desk.session, session_id, SessionChange(moved(hours=-1)), 1)
    with pytest.raises(UnknownSession):
        await change_session(desk.session, new_id(), SessionChange(capacity=4), 1)
    await desk.begin(session_id)
    with pytest.raises(SessionNotOpen):
        await change_session(desk.session, session_id, SessionChange(capacity=4), 1)


@pytest.mark.parametrize("has_begun", [False, True])
async def test_a_session_is_called_off_at_the_last_moment_too(desk: Desk, has_begun: bool) -> None:
    session_id = await desk.planned()
    if has_begun:
        await desk.begin(session_id)
    found = await cancel_session(desk.session, session_id, "The animator is ill.", 1)
    assert (found.planned.state, found.places.session_version) == ("cancelled", 2)
    (event,) = await desk.events(SessionCancelled)
    assert (event.reason, event.version) == ("The animator is ill.", 2)
    assert await desk.due(CANCEL_BOOKINGS) == [session_id]
    with pytest.raises(SessionNotOpen):
        await cancel_session(desk.session, session_id, "Again.", 2)


async def test_a_session_is_completed_once_after_it_has_begun(desk: Desk) -> None:
    session_id = await desk.planned()
    with pytest.raises(NotYetOver):
        await complete_session(desk.session, session_id, 0, 0)
    await desk.begin(session_id)
    await complete_session(desk.session, session_id, 3, 4)
    (event,) = await desk.events(SessionCompleted)
    assert (event.participants_present, event.walk_ins, event.version) == (3, 4, 2)
    for again in (complete_session(desk.session, session_id, 3, 4), cancel_session(desk.session, session_id, "?", 2)):
        with pytest.raises(SessionNotOpen):
            await again


async def test_days_of_a_series_are_those_of_the_site(desk: Desk) -> None:
    activity_id = await desk.activity()
    late = next_monday(hour=0)
    tuesday: date = (late + timedelta(days=1)).date()
    series = SeriesPlan(late, timedelta(hours=1), "FREQ=DAILY;COUNT=3", except_on=[tuesday])
    planned = await schedule_series(desk.session, session_plan(activity_id, desk.site_id), series)
    zone = ZoneInfo("Europe/Brussels")
    local_days = [item.planned.starts_at.astimezone(zone).date() for item in planned]
    assert local_days == [late.date(), late.date() + timedelta(days=2)]
    assert all(isinstance(item.planned.id, UUID) for item in planned)


async def test_places_are_counted_for_who_may_see_the_session(desk: Desk) -> None:
    draft = await draft_programme(desk.session, desk.organisation_id, programme_plan())
    unpublished = await add_activity(desk.session, activity_plan(draft.programme.id))
    kept, shown = await desk.planned(unpublished.id), await desk.planned()
    counted = text("select session_id from session_places where session_id = any(:ids)")
    for context, expected in (
        (Principal(desk.director.account).context(), {shown}),
        (organisation_context(new_id(), "a stranger"), {shown}),
        (desk.director.context(TEAM), {kept, shown}),
    ):
        await apply_context(desk.session, context)
        assert set(await desk.session.scalars(counted, {"ids": [kept, shown]})) == expected
