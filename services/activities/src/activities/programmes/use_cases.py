"""What a coordinator does with programmes and activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from activities.programmes import queries
from activities.programmes.domain import (
    CancellationTerms,
    ProgrammeState,
    WaitingRule,
    check_draft,
    check_not_closed,
    check_objectives,
    check_season,
    check_step,
    check_terms_change,
)
from activities.programmes.queries import ProgrammeWithObjectives
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
    """A programme as it is written down."""

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


async def draft_programme(session: AsyncSession, organisation_id: UUID, plan: ProgrammePlan) -> ProgrammeWithObjectives:
    """Write down a programme with its objectives, as a draft."""
    return await _write_plan(session, Programme(organisation_id=organisation_id), plan)


async def rewrite_programme(
    session: AsyncSession, programme_id: UUID, plan: ProgrammePlan, expected_version: int
) -> ProgrammeWithObjectives:
    """Replace a draft and its objectives. Raises NoDraftAnyMore."""
    programme = await queries.lock_programme(session, programme_id)
    check_version(expected_version, programme.version)
    check_draft(ProgrammeState(programme.state))
    await session.execute(delete(Objective).where(Objective.programme_id == programme_id))
    programme.version += 1
    return await _write_plan(session, programme, plan)


async def _write_plan(session: AsyncSession, programme: Programme, plan: ProgrammePlan) -> ProgrammeWithObjectives:
    check_season(plan.starts_on, plan.ends_on)
    check_objectives(objective.indicator for objective in plan.objectives)
    programme.title, programme.season, programme.audience = plan.title, plan.season, plan.audience
    programme.starts_on, programme.ends_on = plan.starts_on, plan.ends_on
    programme.policy_axes = list(plan.policy_axes)
    session.add(programme)
    await session.flush()
    objectives = [
        Objective(organisation_id=programme.organisation_id, programme_id=programme.id, **asdict(objective))
        for objective in plan.objectives
    ]
    session.add_all(objectives)
    await session.flush()
    return ProgrammeWithObjectives(programme, objectives)


async def move_programme(
    session: AsyncSession, programme_id: UUID, wanted: ProgrammeState, expected_version: int
) -> ProgrammeWithObjectives:
    """Take the next step; publishing opens the activities of the programme to the public."""
    programme = await queries.lock_programme(session, programme_id)
    check_version(expected_version, programme.version)
    check_step(ProgrammeState(programme.state), wanted)
    programme.state = wanted
    programme.version += 1
    if wanted is ProgrammeState.published:
        activities = update(Activity).where(Activity.programme_id == programme.id)
        await session.execute(activities.values(published=True, version=Activity.version + 1))
    await session.flush()
    return ProgrammeWithObjectives(programme, await queries.list_objectives(session, [programme.id]))


async def add_activity(session: AsyncSession, plan: ActivityPlan) -> Activity:
    """Add an activity to a programme that is not closed; it is published with its programme."""
    programme = await queries.lock_programme(session, plan.programme_id)
    check_not_closed(ProgrammeState(programme.state))
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


async def change_activity(
    session: AsyncSession, activity_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Activity:
    """Change some fields of an activity; what it promises only before it is published."""
    activity = await queries.lock_activity(session, activity_id)
    check_version(expected_version, activity.version)
    check_terms_change(activity.published, changes.keys())
    for field, value in changes.items():
        setattr(activity, field, value)
    activity.version += 1
    await session.flush()
    return activity
