"""Questions about programmes and activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.programmes.domain import (
    CancellationTerms,
    ProgrammeState,
    RefundStep,
    UnknownActivity,
    UnknownProgramme,
)
from activities.programmes.tables import Activity, Objective, Programme


@dataclass(frozen=True)
class ProgrammeWithObjectives:
    """A programme and its objectives in the order they were written."""

    programme: Programme
    objectives: Sequence[Objective]


async def get_programme(session: AsyncSession, programme_id: UUID) -> ProgrammeWithObjectives:
    """The programme. Raises UnknownProgramme."""
    programme = await session.get(Programme, programme_id)
    if programme is None:
        raise UnknownProgramme("There is no such programme.")
    return ProgrammeWithObjectives(programme, await list_objectives(session, [programme_id]))


async def lock_programme(session: AsyncSession, programme_id: UUID) -> Programme:
    """The programme as it is now, locked for a change. Raises UnknownProgramme."""
    statement = select(Programme).where(Programme.id == programme_id).with_for_update(key_share=True)
    programme = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if programme is None:
        raise UnknownProgramme("There is no such programme.")
    return programme


async def list_programmes(
    session: AsyncSession, after: UUID | None, limit: int, organisation_id: UUID | None, state: ProgrammeState | None
) -> list[ProgrammeWithObjectives]:
    """Up to `limit + 1` programmes that the caller may see, oldest first."""
    statement = select(Programme).order_by(Programme.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Programme.id > after)
    if organisation_id is not None:
        statement = statement.where(Programme.organisation_id == organisation_id)
    if state is not None:
        statement = statement.where(Programme.state == state)
    programmes = (await session.scalars(statement)).all()
    objectives = await list_objectives(session, [programme.id for programme in programmes])
    return [
        ProgrammeWithObjectives(programme, [item for item in objectives if item.programme_id == programme.id])
        for programme in programmes
    ]


async def list_objectives(session: AsyncSession, programme_ids: Sequence[UUID]) -> Sequence[Objective]:
    """The objectives of these programmes in the order they were written."""
    statement = select(Objective).where(Objective.programme_id.in_(programme_ids)).order_by(Objective.id)
    return (await session.scalars(statement)).all()


async def get_activity(session: AsyncSession, activity_id: UUID) -> Activity:
    """The activity. Raises UnknownActivity."""
    activity = await session.get(Activity, activity_id)
    if activity is None:
        raise UnknownActivity("There is no such activity.")
    return activity


async def lock_activity(session: AsyncSession, activity_id: UUID) -> Activity:
    """The activity as it is now, locked for a change. Raises UnknownActivity."""
    statement = select(Activity).where(Activity.id == activity_id).with_for_update(key_share=True)
    activity = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if activity is None:
        raise UnknownActivity("There is no such activity.")
    return activity


async def list_activities(
    session: AsyncSession, after: UUID | None, limit: int, organisation_id: UUID | None, programme_id: UUID | None
) -> Sequence[Activity]:
    """Up to `limit + 1` activities that the caller may see, oldest first."""
    statement = select(Activity).order_by(Activity.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Activity.id > after)
    if organisation_id is not None:
        statement = statement.where(Activity.organisation_id == organisation_id)
    if programme_id is not None:
        statement = statement.where(Activity.programme_id == programme_id)
    return (await session.scalars(statement)).all()


def terms_of(activity: Activity) -> CancellationTerms:
    """The cancellation terms as the rules read them."""
    stored = activity.cancellation_terms
    steps = tuple(RefundStep(step["hours_before"], step["percent"]) for step in stored["steps"])
    return CancellationTerms(steps, stored["excused_percent"])
