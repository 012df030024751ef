"""Recipients and the participants that contacts answer for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ARRAY, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from notifications.database import Base


class Recipient(Base):
    """Where and in which language one membership or contact is told things."""

    __tablename__ = "recipients"
    __table_args__ = (
        Index("recipients_staff_index", "organisation_id", "role", postgresql_where=text("state = 'active'")),
    )

    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    version: Mapped[int]
    kind: Mapped[str]
    display_name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str]
    role: Mapped[str | None]
    state: Mapped[str]
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    prefers_phone: Mapped[bool] = mapped_column(server_default=text("false"))
    person_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class RecipientPerson(Base):
    """A participant that a contact answers for, by the name used in messages."""

    __tablename__ = "recipient_persons"
    __table_args__ = (Index("recipient_persons_participant_id_index", "participant_id"),)

    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    given_name: Mapped[str]
