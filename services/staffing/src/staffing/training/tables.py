"""Training, and who takes part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.database import Base
from staffing.qualifications.domain import QualificationKind
from staffing.training.domain import TraineeState, TrainingState


class Training(Base):
    """A course that gives or renews a paper; `valid_months` is how long that holds, for ever without."""

    __tablename__ = "trainings"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "times"),
        CheckConstraint("places > 0", "places"),
        Index("trainings_organisation_id_id_index", "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[TrainingState] = mapped_column(Text, default=TrainingState.planned)
    title: Mapped[str]
    kind: Mapped[QualificationKind] = mapped_column(Text)
    issuer: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    places: Mapped[int] = mapped_column(Integer)
    valid_months: Mapped[int | None] = mapped_column(Integer)


class Trainee(Base):
    """Somebody who takes part, and the paper that came of it."""

    __tablename__ = "trainees"
    __table_args__ = (Index("trainees_person_id_index", "person_id"),)

    training_id: Mapped[UUID] = mapped_column(ForeignKey("trainings.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    state: Mapped[TraineeState] = mapped_column(Text, default=TraineeState.enrolled)
    qualification_id: Mapped[UUID | None]
