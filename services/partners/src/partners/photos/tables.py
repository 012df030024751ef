"""Photos of resources."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from common.ids import new_id
from partners.database import Base


class ResourcePhoto(Base):
    """A picture that never changes; whoever may see the resource sees it. `description` is read out in its place."""

    __tablename__ = "resource_photos"
    __table_args__ = (Index(None, "resource_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID]
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resources.id"))
    description: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
