"""The risk sheet and the checklist of an activity."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from common.ids import new_id


class RiskSheet(Base):
    """That an activity has a risk sheet, and when somebody went through it last."""

    __tablename__ = "risk_sheets"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    reviewed_on: Mapped[date]


class Hazard(Base):
    """One line of a risk sheet; `responsible` is a function in the team, not a name."""

    __tablename__ = "hazards"
    __table_args__ = (
        CheckConstraint("likelihood between 1 and 4 and severity between 1 and 4", name="scale"),
        Index(None, "activity_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("risk_sheets.activity_id"))
    position: Mapped[int]
    hazard: Mapped[str]
    exposed: Mapped[str]
    likelihood: Mapped[int]
    severity: Mapped[int]
    measure: Mapped[str]
    responsible: Mapped[str]


class Checklist(Base):
    """That an activity has a checklist, and how often it was rewritten."""

    __tablename__ = "checklists"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]


class ChecklistItem(Base):
    """Something to look at before each session; one that was removed stays for the sessions where it was ticked."""

    __tablename__ = "checklist_items"
    __table_args__ = (Index(None, "activity_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("checklists.activity_id"))
    position: Mapped[int]
    task: Mapped[str]
    is_required: Mapped[bool]
    removed_at: Mapped[datetime | None]
