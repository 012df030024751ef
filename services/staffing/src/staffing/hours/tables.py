"""Dated rules about working and helping, an association's own terms, and the hours that were worked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, column, func, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.coverage.domain import Engagement, RuleStatus
from staffing.database import Base
from staffing.hours.domain import Effect, HoursState


class WorkRuleRow(Base):
    """A rule of law for a span of days, both included; no start means since before the source was written.

    Law belongs to a jurisdiction and to no organisation: everybody reads these rows, only the owner writes them.
    """

    __tablename__ = "work_rules"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", "dates"),
        ExcludeConstraint(
            (column("jurisdiction"), "="),
            (column("rule"), "="),
            (func.daterange(column("valid_from"), column("valid_to"), text("'[]'")), "&&"),
            name="work_rules_validity_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    rule: Mapped[str]
    value: Mapped[dict[str, Any]]
    effect: Mapped[Effect] = mapped_column(Text)
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    status: Mapped[RuleStatus] = mapped_column(Text)


class HourTerms(Base):
    """What an association gives its volunteers and counts their hours at, for days both included; no two overlap.

    `lent_hour_price_minor` is what another association owes for an hour of its people.
    """

    __tablename__ = "hour_terms"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", "dates"),
        ExcludeConstraint(
            (column("organisation_id"), "="),
            (func.daterange(column("valid_from"), column("valid_to"), text("'[]'")), "&&"),
            name="hour_terms_validity_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    volunteer_hour_value_minor: Mapped[int]
    volunteer_day_allowance_minor: Mapped[int]
    lent_hour_price_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class WorkedHours(Base):
    """A time that somebody worked or helped; value, allowance and what his association gets are fixed at approval."""

    __tablename__ = "worked_hours"
    __table_args__ = (
        CheckConstraint("minutes > 0", "minutes"),
        ExcludeConstraint(
            (column("person_id"), "="),
            (func.tstzrange(column("starts_at"), column("ends_at")), "&&"),
            where=text("state <> 'refused'"),
            name="worked_hours_person_excl",
        ),
        Index("worked_hours_organisation_id_worked_on_index", "organisation_id", "worked_on"),
        Index("worked_hours_person_id_index", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    assignment_id: Mapped[UUID | None]
    activity_id: Mapped[UUID | None]
    title: Mapped[str]
    engagement: Mapped[Engagement] = mapped_column(Text)
    state: Mapped[HoursState] = mapped_column(Text, default=HoursState.recorded)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    worked_on: Mapped[date]
    minutes: Mapped[int] = mapped_column(Integer)
    value_minor: Mapped[int] = mapped_column(default=0)
    allowance_minor: Mapped[int] = mapped_column(default=0)
    lent_price_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str | None]
    explanation: Mapped[str] = mapped_column(default="")
