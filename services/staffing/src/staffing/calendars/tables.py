"""Calendar addresses, without their secrets."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from common.secret_addresses import SecretAddress
from staffing.database import Base


class CalendarAddress(SecretAddress, Base):
    """The one address of a person's calendar; of its secret only the digest is kept."""

    __tablename__ = "calendar_addresses"
    __table_args__ = (Index("calendar_addresses_secret_digest_index", "secret_digest", unique=True),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
