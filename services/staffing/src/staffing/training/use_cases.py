"""Training is planned, people enrol, and who was there has a paper that holds again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.http import check_version
from staffing.hours.queries import get_place
from staffing.people.queries import get_person
from staffing.qualifications.use_cases import record_qualification
from staffing.shifts.domain import TimesAreReversed
from staffing.training import queries
from staffing.training.domain import (
    NotEnrolled,
    OtherAssociation,
    TraineeState,
    TrainingIsFull,
    TrainingIsNotOver,
    TrainingIsNotPlanned,
    TrainingState,
    check_enrolled,
    expiry,
)
from staffing.training.tables import Trainee, Training


async def plan_training(session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any]) -> Training:
    """Plan a training, on the clock of the association. Raises TimesAreReversed."""
    if values["ends_at"] <= values["starts_at"]:
        raise TimesAreReversed("The training must end after it begins.")
    place = await get_place(session, organisation_id)
    training = Training(organisation_id=organisation_id, time_zone=place.time_zone, **values)
    session.add(training)
    await session.flush()
    return training


async def cancel_training(session: AsyncSession, training_id: UUID, expected_version: int) -> Training:
    """Call a training off. Raises TrainingNotFound, TrainingIsNotPlanned."""
    training = await _lock_planned(session, training_id)
    check_version(expected_version, training.version)
    training.state = TrainingState.cancelled
    training.version += 1
    await session.flush()
    return training


async def _lock_planned(session: AsyncSession, training_id: UUID) -> Training:
    training = await queries.lock_training(session, training_id)
    if training.state != TrainingState.planned:
        raise TrainingIsNotPlanned(f"This training is {training.state}.")
    return training


async def enrol(session: AsyncSession, training_id: UUID, person_id: UUID) -> Trainee:
    """Let somebody of the association take part; enrolling twice changes nothing.

    Raises TrainingNotFound, TrainingIsNotPlanned, TrainingIsFull, PersonNotFound, OtherAssociation.
    """
    training = await _lock_planned(session, training_id)
    person = await get_person(session, person_id)
    if person.organisation_id != training.organisation_id:
        raise OtherAssociation("Only people of this association take part.")
    trainees = {one.person_id: one for one in await queries.list_trainees(session, [training_id])}
    known = trainees.get(person_id)
    if known is not None and known.state == TraineeState.enrolled:
        return known
    if len(queries.taking_part(list(trainees.values()))) >= training.places:
        raise TrainingIsFull(f"All {training.places} places of this training are taken.")
    if known is None:
        known = Trainee(training_id=training_id, person_id=person_id, organisation_id=training.organisation_id)
        session.add(known)
    known.state = TraineeState.enrolled
    await session.flush()
    return known


async def withdraw(session: AsyncSession, training_id: UUID, person_id: UUID) -> Trainee:
    """Give a place back. Raises TrainingNotFound, TrainingIsNotPlanned, NotEnrolled."""
    await _lock_planned(session, training_id)
    for trainee in await queries.list_trainees(session, [training_id]):
        if trainee.person_id == person_id:
            trainee.state = TraineeState.withdrawn
            await session.flush()
            return trainee
    raise NotEnrolled("This person did not enrol.")


async def record_attendance(
    session: AsyncSession, training_id: UUID, attended: Collection[UUID], expected_version: int
) -> Training:
    """Say who was there, once; each of them gets a paper of the training's last day.

    Raises TrainingNotFound, TrainingIsNotPlanned, TrainingIsNotOver, NotEnrolled.
    """
    training = await _lock_planned(session, training_id)
    check_version(expected_version, training.version)
    if training.ends_at > now():
        raise TrainingIsNotOver("Record the attendance when the training is over.")
    trainees = queries.taking_part(await queries.list_trainees(session, [training_id]))
    check_enrolled(attended, [one.person_id for one in trainees])
    last_day = (training.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(training.time_zone)).date()
    paper = {
        "kind": training.kind,
        "issuer": training.issuer,
        "issued_on": last_day,
        "expires_on": expiry(last_day, training.valid_months),
    }
    for trainee in trainees:
        trainee.state = TraineeState.attended if trainee.person_id in attended else TraineeState.missed
        if trainee.state is TraineeState.attended:
            given = await record_qualification(session, trainee.person_id, paper, is_verified=True)
            trainee.qualification_id = given.id
    training.state = TrainingState.held
    training.version += 1
    await session.flush()
    return training
