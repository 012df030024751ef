"""Erasures that were asked for, and what each service answered: ids and counts, never what was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from activities.erasures.domain import ErasureState, Subject
from common.ids import new_id


class Erasure(Base):
    """One act inside one association; the receipt is this row with its answers."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint(f"subject in ({', '.join(repr(str(subject)) for subject in Subject)})", name="subject"),
        CheckConstraint(f"state in ({', '.join(repr(str(state)) for state in ErasureState)})", name="state"),
        Index(None, "organisation_id", "id"),
        Index(None, "code", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str]
    state: Mapped[str] = mapped_column(default=ErasureState.asked)
    household_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    participant_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    contact_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    worker_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    account_digests: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_whole_account: Mapped[bool]
    code: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    completed_at: Mapped[datetime | None]


class ErasureAnswer(Base):
    """What one service answered to one step."""

    __tablename__ = "erasure_answers"

    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasures.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    erased: Mapped[list[Any]]
    kept: Mapped[list[Any]]
    answered_at: Mapped[datetime] = mapped_column(server_default=func.now())
