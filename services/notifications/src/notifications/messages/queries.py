"""Questions about messages and about the bookings of a session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import written_out
from notifications.messages.domain import Channel, MessageState
from notifications.messages.tables import Message
from notifications.templates.domain import Kind

HOMES = text("select organisation_id from organisations_with_messages_for(:recipient_id)")
ABOUT_SESSION = text("select kind, channel, state, messages, newest_at from count_messages_about_session(:session_id)")
OLDEST_UNSENT = text("select oldest_unsent_age_seconds()")


@dataclass(frozen=True)
class MessageFilter:
    """What a colleague looks for; None leaves a field open."""

    state: MessageState | None = None
    channel: Channel | None = None
    kind: Kind | None = None
    fact_id: str | None = None
    session_id: UUID | None = None


async def list_organisations_with_messages_for(session: AsyncSession, recipient_id: UUID) -> list[UUID]:
    """Where messages for this recipient are filed, also those that this transaction does not see."""
    return list((await session.execute(HOMES, {"recipient_id": recipient_id})).scalars())


async def get_oldest_unsent_age(session: AsyncSession) -> float:
    """How many seconds the oldest unsent e-mail of all organisations waits; 0 when none does."""
    return float((await session.execute(OLDEST_UNSENT)).scalar_one())


def _of_account(issuer: str, subject: str) -> Select[Message]:
    """The messages of one account; those that wait for their recipient are nobody's yet."""
    return select(Message).where(Message.account_issuer == issuer, Message.account_subject == subject)


async def list_own_messages(
    session: AsyncSession, issuer: str, subject: str, *, unread: bool, before: UUID | None, limit: int
) -> Sequence[Message]:
    """The account's messages, newest first, one more than the limit."""
    statement = _of_account(issuer, subject)
    if unread:
        statement = statement.where(Message.read_at.is_(None))
    if before is not None:
        statement = statement.where(Message.id < before)
    return (await session.scalars(statement.order_by(Message.id.desc()).limit(limit + 1))).all()


async def find_own_message(session: AsyncSession, issuer: str, subject: str, message_id: UUID) -> Message | None:
    """One message of the account."""
    return (await session.scalars(_of_account(issuer, subject).where(Message.id == message_id))).one_or_none()


async def list_organisations_of_unread(session: AsyncSession, issuer: str, subject: str) -> Sequence[UUID]:
    """The organisations whose messages the account has not read."""
    unread = _of_account(issuer, subject).where(Message.read_at.is_(None))
    return (await session.scalars(unread.with_only_columns(Message.organisation_id).distinct())).all()


async def list_messages(
    session: AsyncSession,
    organisation_ids: Collection[UUID],
    wanted: MessageFilter,
    *,
    before: UUID | None,
    limit: int,
) -> Sequence[Message]:
    """The organisations' messages, newest first, one more than the limit."""
    statement = select(Message).where(Message.organisation_id.in_(organisation_ids))
    if wanted.state is not None:
        statement = statement.where(Message.state == written_out(wanted.state))
    for column, value in (
        (Message.channel, wanted.channel),
        (Message.kind, wanted.kind),
        (Message.fact_id, wanted.fact_id),
        (Message.session_id, wanted.session_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if before is not None:
        statement = statement.where(Message.id < before)
    return (await session.scalars(statement.order_by(Message.id.desc()).limit(limit + 1))).all()


async def count_messages_about_session(session: AsyncSession, session_id: UUID) -> Sequence[Row[Any]]:
    """How many people were told what about a session of the transaction's organisations, the newest first.

    Those of other associations are counted too.
    """
    return (await session.execute(ABOUT_SESSION, {"session_id": session_id})).all()


async def find_message(session: AsyncSession, message_id: UUID) -> Message | None:
    """One message that this transaction sees."""
    return await session.get(Message, message_id)


async def lock_message(session: AsyncSession, organisation_ids: Collection[UUID], message_id: UUID) -> Message | None:
    """One message of the organisations, to be changed."""
    statement = select(Message).where(Message.id == message_id, Message.organisation_id.in_(organisation_ids))
    return (await session.scalars(statement.with_for_update())).one_or_none()
