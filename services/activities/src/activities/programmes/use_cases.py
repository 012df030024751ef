"""What a coordinator does with programmes and activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.programmes import queries
from activities.programmes.domain import (
    CancellationTerms,
    ObjectiveWithoutIndicator,
    ProgrammeClosed,
    ProgrammeState,
    WaitingRule,
    check_season,
    check_step,
)
from activities.programmes.tables import Activity, Objective, Programme
from common.http import check_version


@dataclass(frozen=True)
class ObjectivePlan:
    """An objective as it is written down first."""

    statement: str
    indicator: str
    unit: str
    target: int


@dataclass(frozen=True)
class ProgrammePlan:
    """A programme as it is written down first."""

    organisation_id: UUID
    title: str
    season: str
    starts_on: date
    ends_on: date
    audience: str
    policy_axes: Sequence[str]
    objectives: Sequence[ObjectivePlan]


@dataclass(frozen=True)
class ActivityPlan:
    """An activity as it is written down first."""

    programme_id: UUID
    title: str
    description: str
    audience: str
    waiting_rule: WaitingRule
    offer_hours: int
    cancellation_terms: CancellationTerms


async def draft_programme(session: AsyncSession, plan: ProgrammePlan) -> Programme:
    """Write down a programme with its objectives, as a draft."""
    check_season(plan.starts_on, plan.ends_on)
    if any(not objective.indicator.strip() for objective in plan.objectives):
        raise ObjectiveWithoutIndicator("Every objective needs an indicator.")
    programme = Programme(
        organisation_id=plan.organisation_id,
        title=plan.title,
        season=plan.season,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        audience=plan.audience,
        policy_axes=list(plan.policy_axes),
    )
    session.add(programme)
    await session.flush()
    session.add_all(
        Objective(organisation_id=plan.organisation_id, programme_id=programme.id, **asdict(objective))
        for objective in plan.objectives
    )
    await session.flush()
    return programme


async def move_programme(
    session: AsyncSession, programme_id: UUID, wanted: ProgrammeState, expected_version: int
) -> Programme:
    """Take the next step; publishing opens the activities of the programme to the public."""
    programme = await queries.get_programme(session, programme_id, lock=True)
    check_version(expected_version, programme.version)
    check_step(ProgrammeState(programme.state), wanted)
    programme.state = wanted
    programme.version += 1
    if wanted is ProgrammeState.published:
        activities = update(Activity).where(Activity.programme_id == programme.id)
        await session.execute(activities.values(published=True))
    await session.flush()
    return programme


async def add_activity(session: AsyncSession, plan: ActivityPlan) -> Activity:
    """Add an activity to a programme that is not closed."""
    programme = await queries.get_programme(session, plan.programme_id)
    if programme.state == ProgrammeState.closed:
        raise ProgrammeClosed("This programme is closed.")
    activity = Activity(
        organisation_id=programme.organisation_id,
        programme_id=programme.id,
        title=plan.title,
        description=plan.description,
        audience=plan.audience,
        waiting_rule=plan.waiting_rule,
        offer_hours=plan.offer_hours,
        cancellation_terms=asdict(plan.cancellation_terms),
        published=programme.state == ProgrammeState.published,
    )
    session.add(activity)
    await session.flush()
    return activity
