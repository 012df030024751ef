"""Households, the people who take part, and the contacts who answer for them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from common.ids import new_id


class Household(Base):
    """People who book and pay together; belongs to its home association."""

    __tablename__ = "households"
    __table_args__ = (Index(None, "organisation_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Participant(Base):
    """Somebody who takes part; many never have an account or an e-mail address."""

    __tablename__ = "participants"
    __table_args__ = (Index(None, "organisation_id", "id"), Index(None, "household_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey("households.id"))
    version: Mapped[int] = mapped_column(default=1)
    given_name: Mapped[str]
    family_name: Mapped[str]
    born_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Contact(Base):
    """Who is told about a household's bookings, and whose account answers for its persons once it is linked."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("language in ('fr', 'nl', 'de', 'en')", name="language"),
        Index(None, "organisation_id", "id"),
        Index(None, "household_id"),
        Index(None, "link_code_digest", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    household_id: Mapped[UUID] = mapped_column(ForeignKey("households.id"))
    version: Mapped[int] = mapped_column(default=1)
    display_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    prefers_phone: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str]
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    link_code_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    link_code_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
