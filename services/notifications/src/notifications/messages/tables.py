"""Messages, the bookings whose contacts must be told when a session changes, and the sessions that did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from common.database import one_of
from notifications.database import Base
from notifications.messages.domain import Channel, MessageState


class Message(Base):
    """What one human was told about one fact; `waiting_text` says what to write once the recipient is known.

    The fact is about something of `about_organisation_id`, and, where it is about a session, of `session_id`.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("fact_id", "human_key"),
        one_of("channel", Channel),
        one_of("state", MessageState),
        Index("messages_organisation_id_index", "organisation_id", "id"),
        Index("messages_account_index", "account_issuer", "account_subject", "id"),
        Index("messages_recipient_id_index", "recipient_id"),
        Index(
            "messages_to_tell_index", "organisation_id", "id", postgresql_where=text("state in ('failed', 'to_print')")
        ),
        Index("messages_session_id_index", "session_id", postgresql_where=text("session_id is not null")),
        Index("messages_unsent_index", "created_at", postgresql_where=text("state in ('pending', 'sending')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    fact_id: Mapped[str]
    human_key: Mapped[str]
    recipient_id: Mapped[UUID]
    account_issuer: Mapped[str | None]
    account_subject: Mapped[str | None]
    person_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    about_organisation_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    kind: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    waiting_text: Mapped[dict[str, Any] | None]
    message_id: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    uncertain_sends: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
