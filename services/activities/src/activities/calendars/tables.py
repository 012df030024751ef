"""Calendar addresses, without their secrets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base


class CalendarAddress(Base):
    """The one address that a contact has for the bookings of the household; of its secret only the digest is kept."""

    __tablename__ = "calendar_addresses"
    __table_args__ = (Index("calendar_addresses_secret_digest_index", "secret_digest", unique=True),)

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id", ondelete="cascade"), primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
