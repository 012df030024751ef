"""HTTP in: a reader's own messages, and what an organisation told whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from access.callers import Caller
from access.roles import ANY_ROLE, PLANNERS
from common.pages import Page, PageCursor, PageLimit, decode_cursor, next_cursor
from common.problems import NOT_FOUND, Problem, Problems
from notifications.database import api_database
from notifications.messages import queries, use_cases
from notifications.messages.domain import Channel, MessageState, NoSuchMessage, NotFailed, NotToPrint
from notifications.messages.queries import MessageFilter
from notifications.recipients.queries import list_names
from notifications.templates.domain import Kind

router = APIRouter(tags=["messages"])
PROBLEMS: Problems = {
    NoSuchMessage: NOT_FOUND,
    NotFailed: Problem(409, "message-not-failed", "Only a failed message can be sent again"),
    NotToPrint: Problem(409, "message-not-to-print", "Only a message that is told by hand can be marked as told"),
}

FactId = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class OwnMessage(BaseModel):
    """A message as its recipient sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    kind: Kind
    channel: Channel
    state: MessageState
    language: str
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None


class MessageShown(BaseModel):
    """A message as colleagues see it; the text only where they must print it or read it out."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organisation_id: UUID
    fact_id: str
    recipient_id: UUID
    recipient_name: str | None = None
    kind: Kind
    channel: Channel
    state: MessageState
    language: str
    subject: str
    body: str | None
    attempts: int
    uncertain_sends: int
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None
    failed_at: datetime | None


class ToldCount(BaseModel):
    """How many messages of a kind went out about a session, on which channel, and how far they have come."""

    model_config = ConfigDict(from_attributes=True)

    kind: Kind
    channel: Channel
    state: MessageState
    messages: int
    newest_at: datetime


class ReadCount(BaseModel):
    """How many messages were marked as read."""

    marked: int


def _shown(message: object, names: Mapping[UUID, str], *, is_own: bool = False) -> MessageShown:
    shown = MessageShown.model_validate(message)
    body = shown.body if is_own or shown.channel is Channel.post else None
    return shown.model_copy(update={"body": body, "recipient_name": names.get(shown.recipient_id)})


@router.get("/messages/mine")
async def list_own_messages(
    caller: Caller, unread: bool = False, limit: PageLimit = 50, cursor: PageCursor = None
) -> Page[OwnMessage]:
    """The caller's own messages on every channel, newest first."""
    account = caller.account
    async with api_database.transaction(caller.context(ANY_ROLE)) as session:
        messages = await queries.list_own_messages(
            session, account.issuer, account.subject, unread=unread, before=decode_cursor(cursor), limit=limit
        )
    shown, following = next_cursor([message.id for message in messages], limit)
    return Page(items=[OwnMessage.model_validate(message) for message in messages[:shown]], next_cursor=following)


@router.post("/messages/mine/read-all")
async def mark_all_read(caller: Caller) -> ReadCount:
    """Mark all of the caller's messages as read."""
    account = caller.account
    async with api_database.transaction(caller.context(ANY_ROLE)) as session:
        return ReadCount(marked=await use_cases.mark_all_read(session, account.issuer, account.subject))


@router.post("/messages/{message_id}/read")
async def mark_read(caller: Caller, message_id: UUID) -> OwnMessage:
    """Mark one of the caller's messages as read; again changes nothing."""
    account = caller.account
    async with api_database.transaction(caller.context(ANY_ROLE)) as session:
        message = await use_cases.mark_read(session, account.issuer, account.subject, message_id)
        return OwnMessage.model_validate(message)


@router.get("/messages")
async def list_messages(
    caller: Caller,
    state: MessageState | None = None,
    channel: Channel | None = None,
    kind: Kind | None = None,
    fact: FactId = None,
    session_id: UUID | None = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> Page[MessageShown]:
    """What the organisations that the caller plans for told their people, newest first."""
    wanted = MessageFilter(state, channel, kind, fact, session_id)
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        messages = await queries.list_messages(
            session, caller.organisations(PLANNERS), wanted, before=decode_cursor(cursor), limit=limit
        )
        names = await list_names(session, {message.recipient_id for message in messages})
    shown, following = next_cursor([message.id for message in messages], limit)
    return Page(items=[_shown(message, names) for message in messages[:shown]], next_cursor=following)


@router.get("/sessions/{session_id}/messages")
async def count_messages_of_session(caller: Caller, session_id: UUID) -> list[ToldCount]:
    """What went out about a session of the caller's associations, counted; people of other associations too."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        counts = await queries.count_messages_about_session(session, session_id)
    return [ToldCount.model_validate(count) for count in counts]


@router.get("/messages/{message_id}")
async def get_message(caller: Caller, message_id: UUID) -> MessageShown:
    """One message: with its text for the recipient, without it for colleagues."""
    account = caller.account
    async with api_database.transaction(caller.context(ANY_ROLE)) as session:
        message = await queries.find_message(session, message_id)
        if message is None:
            raise NoSuchMessage
        is_own = (message.account_issuer, message.account_subject) == (account.issuer, account.subject)
        if not is_own and not caller.may(message.organisation_id, PLANNERS):
            raise NoSuchMessage
        names = await list_names(session, {message.recipient_id})
        return _shown(message, names, is_own=is_own)


@router.post("/messages/{message_id}/retry")
async def retry_message(caller: Caller, message_id: UUID) -> MessageShown:
    """Send a failed e-mail again, to the address that the recipient has now."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        message = await use_cases.retry_message(session, caller.organisations(PLANNERS), message_id)
        return _shown(message, await list_names(session, {message.recipient_id}))


@router.post("/messages/{message_id}/printed")
async def mark_printed(caller: Caller, message_id: UUID) -> MessageShown:
    """Note that the recipient was told on paper or by telephone; again changes nothing."""
    async with api_database.transaction(caller.context(PLANNERS)) as session:
        message = await use_cases.mark_printed(session, caller.organisations(PLANNERS), message_id)
        return _shown(message, await list_names(session, {message.recipient_id}))
