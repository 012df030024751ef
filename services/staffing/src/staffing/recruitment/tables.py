"""Vacancies, and applications for them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.database import Base
from staffing.people.domain import PersonKind
from staffing.recruitment.domain import ApplicationState, VacancyState
from staffing.shifts.domain import ShiftRole


class Vacancy(Base):
    """Whom an association looks for; everybody reads what is published."""

    __tablename__ = "vacancies"
    __table_args__ = (
        CheckConstraint("places > 0", "places"),
        CheckConstraint("ends_on >= starts_on", "dates"),
        Index("vacancies_organisation_id_id_index", "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[VacancyState] = mapped_column(Text, default=VacancyState.draft)
    title: Mapped[str]
    description: Mapped[str]
    footing: Mapped[PersonKind] = mapped_column(Text)
    role: Mapped[ShiftRole] = mapped_column(Text)
    required: Mapped[list[str]] = mapped_column(ARRAY(Text))
    places: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    apply_until: Mapped[date | None]


class Application(Base):
    """Somebody who applies with his account; his data go a while after the decision, the count stays."""

    __tablename__ = "applications"
    __table_args__ = (
        Index("applications_vacancy_id_index", "vacancy_id"),
        Index("applications_account_key", "vacancy_id", "account_issuer", "account_subject", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    vacancy_id: Mapped[UUID] = mapped_column(ForeignKey("vacancies.id"))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ApplicationState] = mapped_column(Text, default=ApplicationState.received)
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    display_name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str]
    message: Mapped[str | None]
    received_at: Mapped[datetime]
    interview_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    because: Mapped[str | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
