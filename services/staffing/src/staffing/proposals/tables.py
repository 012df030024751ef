"""Proposed rotas."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from staffing.database import Base
from staffing.proposals.domain import ProposalState


class Proposal(Base):
    """Who could do the shifts of a time or of a session; the worker fills it in."""

    __tablename__ = "proposals"
    __table_args__ = (CheckConstraint("until_at > from_at", "times"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ProposalState] = mapped_column(Text, default=ProposalState.requested)
    session_id: Mapped[UUID | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    requested_at: Mapped[datetime]
    explanation: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
