"""Last addresses: where a receipt goes, until it has gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifications.database import Base


class Farewell(Base):
    """The address of somebody who is erased; what the receipt says follows when everything else is gone."""

    __tablename__ = "farewells"

    erasure_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    email: Mapped[str]
    language: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default="0")
    erased: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    kept: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    code: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
