"""Calendar addresses, without their secrets."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.database import Base
from common.secret_addresses import SecretAddress


class CalendarAddress(SecretAddress, Base):
    """The one address that a contact has for the bookings of the household; of its secret only the digest is kept."""

    __tablename__ = "calendar_addresses"
    __table_args__ = (Index("calendar_addresses_secret_digest_index", "secret_digest", unique=True),)

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id", ondelete="cascade"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
