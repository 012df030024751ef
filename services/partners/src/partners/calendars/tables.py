"""Secret addresses of calendars."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from common.secret_addresses import SecretAddress
from partners.database import Base


class ResourceCalendar(SecretAddress, Base):
    """The one address of a resource; only the fingerprint of its secret is kept."""

    __tablename__ = "resource_calendars"
    __table_args__ = (Index(None, "secret_fingerprint", unique=True),)

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    secret_digest: Mapped[bytes] = mapped_column("secret_fingerprint", LargeBinary)
