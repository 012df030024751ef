"""Questions about programmes and activities."""

from __future__ import annotations

from collections.abc import Sequence
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


async def get_programme(session: AsyncSession, programme_id: UUID, *, lock: bool = False) -> Programme:
    """The programme, locked for a change if asked. Raises UnknownProgramme."""
    programme = await session.get(Programme, programme_id, with_for_update=lock)
    if programme is None:
        raise UnknownProgramme("There is no such programme.")
    return programme


async def list_programmes(
    session: AsyncSession, after: UUID | None, limit: int, state: ProgrammeState | None
) -> Sequence[Programme]:
    """Up to `limit + 1` programmes that the caller may see, oldest first."""
    statement = select(Programme).order_by(Programme.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Programme.id > after)
    if state is not None:
        statement = statement.where(Programme.state == state)
    return (await session.scalars(statement)).all()


async def list_objectives(session: AsyncSession, programme_id: UUID) -> Sequence[Objective]:
    """The objectives of a programme in the order they were written."""
    statement = select(Objective).where(Objective.programme_id == programme_id).order_by(Objective.id)
    return (await session.scalars(statement)).all()


async def get_activity(session: AsyncSession, activity_id: UUID) -> Activity:
    """The activity. Raises UnknownActivity."""
    activity = await session.get(Activity, activity_id)
    if activity is None:
        raise UnknownActivity("There is no such activity.")
    return activity


async def list_activities(
    session: AsyncSession, after: UUID | None, limit: int, programme_id: UUID | None
) -> Sequence[Activity]:
    """Up to `limit + 1` activities that the caller may see, oldest first."""
    statement = select(Activity).order_by(Activity.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Activity.id > after)
    if programme_id is not None:
        statement = statement.where(Activity.programme_id == programme_id)
    return (await session.scalars(statement)).all()


def terms_of(activity: Activity) -> CancellationTerms:
    """The cancellation terms as the rules read them."""
    stored = activity.cancellation_terms
    steps = tuple(RefundStep(step["hours_before"], step["percent"]) for step in stored["steps"])
    return CancellationTerms(steps, stored["excused_percent"])
