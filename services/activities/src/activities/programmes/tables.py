"""Programmes, their objectives, and the activities in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.programmes.domain import ProgrammeState, WaitingRule
from common.ids import new_id


class Programme(Base):
    """What an association offers in a season."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="season"),
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in ProgrammeState)})", name="state"),
        Index(None, "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    season: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    audience: Mapped[str]
    policy_axes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(default=ProgrammeState.draft)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Objective(Base):
    """What a programme wants to reach, and the number that will tell."""

    __tablename__ = "objectives"
    __table_args__ = (Index(None, "programme_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"))
    statement: Mapped[str]
    indicator: Mapped[str]
    unit: Mapped[str]
    target: Mapped[int]


class Activity(Base):
    """Something that a programme offers, in one or many sessions."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint(f"waiting_rule in ({', '.join(repr(str(rule)) for rule in WaitingRule)})", name="waiting_rule"),
        CheckConstraint("offer_hours between 1 and 336", name="offer_hours"),
        Index(None, "organisation_id", "id"),
        Index(None, "programme_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str]
    description: Mapped[str]
    audience: Mapped[str]
    waiting_rule: Mapped[str] = mapped_column(default=WaitingRule.arrival)
    offer_hours: Mapped[int]
    cancellation_terms: Mapped[dict[str, Any]]
    published: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
