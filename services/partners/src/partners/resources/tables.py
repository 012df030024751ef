"""Rooms, vehicles and equipment, their papers, and when they are closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from common.database import one_of
from common.ids import new_id
from partners.database import Base
from partners.resources.domain import Approval, ClosureKind, PaperKind, QuotaPeriod, ResourceKind


class Resource(Base):
    """Something that can be reserved; belongs to its owner, and a pooled one is seen by the owner's federations.

    `opening_hours` are [weekday, opens_minute, closes_minute], none for always. `owner_notice_days` is how long before
    the start the owner may still take back what another association has reserved; null for never.
    """

    __tablename__ = "resources"
    __table_args__ = (
        one_of("kind", ResourceKind),
        one_of("approval", Approval),
        one_of("quota_period", QuotaPeriod),
        CheckConstraint("(quota_hours is null) = (quota_period is null)", name="quota"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("price_per_hour_minor >= 0 and set_up_minutes >= 0 and clean_up_minutes >= 0", name="amounts"),
        Index(None, "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    capacity: Mapped[int | None]
    accessibility: Mapped[list[str]] = mapped_column(ARRAY(Text))
    time_zone: Mapped[str]
    opening_hours: Mapped[list[Any]]
    quantity: Mapped[int]
    set_up_minutes: Mapped[int]
    clean_up_minutes: Mapped[int]
    currency: Mapped[str]
    price_per_hour_minor: Mapped[int]
    pooled: Mapped[bool]
    approval: Mapped[str]
    owner_notice_days: Mapped[int | None]
    quota_hours: Mapped[int | None]
    quota_period: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class ResourcePaper(Base):
    """An approval or inspection of a resource; the newest of a kind counts."""

    __tablename__ = "resource_papers"
    __table_args__ = (
        one_of("kind", PaperKind),
        CheckConstraint("expires_on >= issued_on", name="period"),
        Index(None, "resource_id", "kind", "expires_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    kind: Mapped[str]
    issuer: Mapped[str]
    reference: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date]


class ResourceClosure(Base):
    """A time in which a resource is looked after, or kept by its owner."""

    __tablename__ = "resource_closures"
    __table_args__ = (
        one_of("kind", ClosureKind),
        CheckConstraint("ends_at > starts_at", name="period"),
        Index(None, "resource_id", "ends_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
