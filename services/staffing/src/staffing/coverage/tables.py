"""Dated supervision rules, and what every session needs and has."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, Uuid, column, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from staffing.coverage.domain import Engagement, Qualification, RuleStatus, SessionState
from staffing.database import Base


class SupervisionRuleRow(Base):
    """A rule of law for a span of days, both included; no start means since before the source was written.

    Law belongs to a jurisdiction and to no organisation: everybody reads these rows, only the owner writes them.
    """

    __tablename__ = "supervision_rules"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", "dates"),
        ExcludeConstraint(
            (column("jurisdiction"), "="),
            (column("rule"), "="),
            (func.daterange(column("valid_from"), column("valid_to"), text("'[]'")), "&&"),
            name="supervision_rules_validity_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    rule: Mapped[str]
    value: Mapped[dict[str, Any]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    status: Mapped[RuleStatus] = mapped_column(Text)


class KnownSession(Base):
    """What staffing knows of a session of the activities service; co-hosts bear a share of its cost."""

    __tablename__ = "known_sessions"
    __table_args__ = (Index("known_sessions_rule_index", "jurisdiction", "supervision", "ends_at"),)

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    state: Mapped[SessionState] = mapped_column(Text)
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    jurisdiction: Mapped[str]
    supervision: Mapped[str]
    activity_id: Mapped[UUID | None]
    co_host_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")


class CoveredBooking(Base):
    """The confirmed places of a booking, as ages only: coverage need not know who the participants are."""

    __tablename__ = "covered_bookings"
    __table_args__ = (Index("covered_bookings_session_id_index", "session_id"),)

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    session_id: Mapped[UUID]
    version: Mapped[int]
    ages: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))


class Supervisor(Base):
    """Somebody who supervises a session; with an assignment he comes and goes with his shift."""

    __tablename__ = "supervisors"
    __table_args__ = (
        CheckConstraint("(account_issuer is null) = (account_subject is null)", "account"),
        Index("supervisors_session_id_index", "session_id"),
        Index("supervisors_account_key", "session_id", "account_issuer", "account_subject", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    session_id: Mapped[UUID]
    display_name: Mapped[str]
    qualification: Mapped[Qualification] = mapped_column(Text)
    engagement: Mapped[Engagement] = mapped_column(Text)
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    assignment_id: Mapped[UUID | None]


class Coverage(Base):
    """What a session needs and has, as last assessed; locked first by everything that changes it."""

    __tablename__ = "coverages"
    __table_args__ = (Index("coverages_short_index", "session_id", postgresql_where=text("is_short")),)

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    supervisors_needed: Mapped[int] = mapped_column(Integer)
    qualified_needed: Mapped[int] = mapped_column(Integer)
    supervisors_present: Mapped[int] = mapped_column(Integer)
    qualified_present: Mapped[int] = mapped_column(Integer)
    is_short: Mapped[bool]
    explanation: Mapped[str]
    grounds: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
