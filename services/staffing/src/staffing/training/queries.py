"""What is asked about training."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.training.domain import TraineeState, TrainingNotFound, TrainingState
from staffing.training.tables import Trainee, Training


async def get_training(session: AsyncSession, training_id: UUID) -> Training:
    """One training. Raises TrainingNotFound."""
    found = await session.get(Training, training_id)
    if found is None:
        raise TrainingNotFound
    return found


async def lock_training(session: AsyncSession, training_id: UUID) -> Training:
    """One training, locked: its places are given one after the other. Raises TrainingNotFound."""
    statement = select(Training).where(Training.id == training_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise TrainingNotFound
    return found


async def list_trainings(
    session: AsyncSession, *, organisation_id: UUID | None, state: TrainingState | None, after: UUID | None, limit: int
) -> Sequence[Training]:
    """One row more than the limit, in the order of ids."""
    statement = select(Training).order_by(Training.id).limit(limit + 1)
    if organisation_id is not None:
        statement = statement.where(Training.organisation_id == organisation_id)
    if state is not None:
        statement = statement.where(Training.state == state)
    if after is not None:
        statement = statement.where(Training.id > after)
    return (await session.scalars(statement)).all()


async def list_trainees(session: AsyncSession, training_ids: Collection[UUID]) -> Sequence[Trainee]:
    """Who takes part in trainings, as far as the caller sees, withdrawals included, in the order of people."""
    statement = select(Trainee).where(Trainee.training_id.in_(training_ids)).order_by(Trainee.person_id)
    return (await session.scalars(statement)).all()


def taking_part(trainees: Sequence[Trainee]) -> list[Trainee]:
    """Those who did not withdraw."""
    return [one for one in trainees if one.state != TraineeState.withdrawn]
