"""People, when they are available, and when they are away."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.database import Base
from staffing.people.domain import AvailabilityKind, LeaveKind, LeaveState, PersonKind


class Person(Base):
    """Somebody who works or helps at one association; `human_id` is shared by all records of one account.

    `lent_by_organisation_id` is the association that he came from to help, when he came by his passport.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("(account_issuer is null) = (account_subject is null)", "account"),
        CheckConstraint("ended_on >= started_on", "dates"),
        Index("people_organisation_id_id_index", "organisation_id", "id"),
        Index("people_human_id_index", "human_id"),
        Index("people_account_key", "account_issuer", "account_subject", "organisation_id", unique=True),
        Index("people_link_code_digest_index", "link_code_digest", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    human_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[PersonKind] = mapped_column(Text)
    display_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str]
    weekly_minutes_agreed: Mapped[int | None]
    hour_cost_minor: Mapped[int | None]
    cost_currency: Mapped[str] = mapped_column(server_default="EUR", default="EUR")
    lent_by_organisation_id: Mapped[UUID | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    link_code_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    link_code_expires_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Availability(Base):
    """A weekly window of a person, on the clock of the place."""

    __tablename__ = "availabilities"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", "weekday"),
        CheckConstraint("0 <= from_minute and from_minute < to_minute and to_minute <= 1440", "minutes"),
        CheckConstraint("valid_to >= valid_from", "dates"),
        Index("availabilities_person_id_index", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    from_minute: Mapped[int] = mapped_column(SmallInteger)
    to_minute: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[AvailabilityKind] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Leave(Base):
    """Days, both included, on which a person is away."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", "dates"),
        Index("leaves_person_id_index", "person_id"),
        Index("leaves_open_index", "organisation_id", "id", postgresql_where=text("state = 'requested'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[LeaveKind] = mapped_column(Text)
    state: Mapped[LeaveState] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
