"""Keys of resources and their handovers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from partners.database import Base


class ResourceKey(Base):
    """A key of a resource, by the label on it; one that was withdrawn is lost or out of use, and its label is free."""

    __tablename__ = "resource_keys"
    __table_args__ = (
        CheckConstraint("(withdrawn_at is null) = (withdrawal_reason is null)", name="withdrawal"),
        Index(None, "resource_id", "label", unique=True, postgresql_where=text("withdrawn_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    label: Mapped[str]
    note: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]


class KeyHandover(Base):
    """Who had a key from when until when; at most one of a key is open."""

    __tablename__ = "key_handovers"
    __table_args__ = (
        CheckConstraint("due_on >= handed_over_on and returned_on >= handed_over_on", name="dates"),
        Index(None, "key_id", unique=True, postgresql_where=text("returned_on is null")),
        Index(None, "organisation_id", "returned_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("resource_keys.id"))
    holder_name: Mapped[str]
    membership_id: Mapped[UUID | None]
    handed_over_on: Mapped[date]
    due_on: Mapped[date | None]
    returned_on: Mapped[date | None]
