"""The log of incidents: what happened, whom it concerned by reference, and what is still to do."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.incidents.domain import Severity
from common.ids import new_id


class Incident(Base):
    """What happened, as it was written down; the texts go when somebody whom it concerned is erased.

    `participants_count` stays when the references are gone.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint(f"severity in ({', '.join(repr(str(one)) for one in Severity)})", name="severity"),
        Index(None, "session_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"))
    happened_at: Mapped[datetime]
    place: Mapped[str]
    what_happened: Mapped[str]
    severity: Mapped[str]
    first_aid: Mapped[str]
    told: Mapped[str]
    participants_count: Mapped[int]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class IncidentParticipant(Base):
    """Whom an incident concerned."""

    __tablename__ = "incident_participants"
    __table_args__ = (Index(None, "participant_id"),)

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]


class FollowUp(Base):
    """Something to do after an incident, until a day."""

    __tablename__ = "follow_ups"
    __table_args__ = (Index(None, "organisation_id", "id"), Index(None, "incident_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"))
    version: Mapped[int] = mapped_column(default=1)
    task: Mapped[str]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
