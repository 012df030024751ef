"""Telling people, once: from a fact to one message per human, filed with the organisation of the recipient."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.row_policies import act_for
from common import clock
from common.due_rows import LEASE_SECONDS, SCHEDULE, complete, schedule
from common.ids import new_id
from notifications.bookings.queries import list_live_bookings
from notifications.messages import domain, queries
from notifications.messages.domain import Channel, Happening, MessageState, Told
from notifications.messages.tables import Message
from notifications.metrics import MESSAGES, UNCERTAIN_SENDS
from notifications.recipients.domain import Concerned, Listener
from notifications.recipients.queries import list_concerned, list_organisations_of_recipients, lock_recipient
from notifications.templates.domain import Kind, choose_language
from notifications.templates.use_cases import render

SEND_MESSAGE = "send_message"

INSERT = text(
    """insert into messages (id, organisation_id, fact_id, human_key, recipient_id, account_issuer, account_subject,
              person_ids, about_organisation_id, session_id, kind, language, subject, body, channel, state,
              waiting_text, created_at, sent_at)
       select id, organisation_id, fact_id, human_key, recipient_id, account_issuer, account_subject,
              person_ids, about_organisation_id, session_id, kind, language, subject, body, channel, state,
              waiting_text, created_at, sent_at
         from jsonb_to_recordset(cast(:rows as jsonb)) as new_message (
              id uuid, organisation_id uuid, fact_id text, human_key text, recipient_id uuid, account_issuer text,
              account_subject text, person_ids uuid[], about_organisation_id uuid, session_id uuid, kind text,
              language text, subject text, body text, channel text, state text, waiting_text jsonb,
              created_at timestamptz, sent_at timestamptz)
       on conflict (fact_id, human_key) do nothing
       returning id, organisation_id, state, created_at"""
)
TAKE_WAITING = text(
    """delete from messages where recipient_id = :recipient_id and state = 'waiting_for_recipient'
       returning fact_id, about_organisation_id, session_id, waiting_text"""
)
FOLLOW_RECIPIENT = text(
    """update messages m set account_issuer = r.account_issuer, account_subject = r.account_subject,
              person_ids = r.person_ids
         from recipients r
        where r.recipient_id = :recipient_id and m.recipient_id = r.recipient_id
          and (m.account_issuer, m.account_subject, m.person_ids)
              is distinct from (r.account_issuer, r.account_subject, r.person_ids)"""
)


MARK_SENDING = text(
    """with lease as (
         update due_rows set due_at = clock_timestamp() + make_interval(secs => :lease)
          where kind = :kind and subject_id = :message_id and attempts = :claim returning subject_id)
       update messages set state = 'sending', attempts = attempts + 1, message_id = coalesce(message_id, :header),
              uncertain_sends = uncertain_sends + case when state = 'sending' then 1 else 0 end
         from lease where id = lease.subject_id and state in ('pending', 'sending')
       returning message_id, subject, body, language, created_at, attempts, old.state = 'sending' as was_sending,
              (select r.email from recipients r where r.recipient_id = messages.recipient_id) as email,
              (select r.display_name from recipients r where r.recipient_id = messages.recipient_id) as name"""
)
FORGET_SENT = text(
    """delete from due_rows where kind = :kind and subject_id = :message_id and attempts = :claim
          and not exists (select from messages where id = :message_id and state in ('pending', 'sending'))"""
)
MARK_SENT = text("update messages set state = 'sent', sent_at = now(), last_error = null where id = :message_id")
MARK_FAILED = text(
    "update messages set state = 'failed', failed_at = now(), last_error = :error where id = :message_id"
)
MARK_POSTPONED = text("update messages set state = :state, last_error = :error where id = :message_id")
MARK_ALL_READ = text(
    """update messages set read_at = :now where account_issuer = :issuer and account_subject = :subject
          and organisation_id = :organisation_id and read_at is null returning id"""
)


async def tell(session: AsyncSession, happening: Happening) -> None:
    """Write one message for every human concerned; humans who have one for this fact keep it as it is.

    A contact that is not known yet gets a message that waits for him.
    """
    because = f"telling people about {happening.fact}"
    async with AsyncExitStack() as widened:
        await _widen(widened, session, happening.organisation_ids - {happening.organiser_id}, because)
        found = await _find(session, happening)
        if _unknown(happening, found):
            found = await _find_again(widened, session, happening, _unknown(happening, found), because)
        rows = [
            _message(happening, human, listener, told, found)
            for human, listener, told in domain.choose_listeners(happening, found.listeners)
        ]
        rows += [_waiting_message(happening, contact_id) for contact_id in _unknown(happening, found)]
        await _save(session, rows)


async def tell_everyone_booked(session: AsyncSession, session_id: UUID, happening: Happening) -> None:
    """Tell the people around every live booking of a session, and whom the happening names beside them."""
    bookings = await list_live_bookings(session, session_id)
    contacts = {
        booking.contact_id: next(iter(booking.home_organisation_ids), booking.organisation_id)
        for booking in bookings
        if booking.contact_id
    }
    everybody = replace(
        happening,
        contacts=contacts,
        participant_ids=frozenset(p for booking in bookings for p in booking.participant_ids),
        without_contact=frozenset(p for b in bookings if not b.contact_id for p in b.participant_ids),
        home_ids=frozenset(home for booking in bookings for home in booking.home_organisation_ids),
        booked_by_ids=frozenset(b.booked_by_organisation_id for b in bookings if b.booked_by_organisation_id),
    )
    await tell(session, everybody)


async def tell_booking_associations(session: AsyncSession, session_id: UUID, happening: Happening) -> None:
    """Tell the associations with a live booking of a session, and whom the happening names beside them."""
    bookings = await list_live_bookings(session, session_id)
    booked_by_ids = frozenset(b.booked_by_organisation_id for b in bookings if b.booked_by_organisation_id)
    await tell(session, replace(happening, booked_by_ids=booked_by_ids))


async def _widen(widened: AsyncExitStack, session: AsyncSession, ids: Iterable[UUID], because: str) -> None:
    for organisation_id in sorted(ids):
        await widened.enter_async_context(act_for(session, organisation_id, because))


async def _find(session: AsyncSession, happening: Happening) -> Concerned:
    return await list_concerned(
        session,
        happening.organiser_id,
        site_id=happening.site_id,
        recipient_ids=happening.recipient_ids,
        participant_ids=happening.participant_ids,
        unspoken_for_ids=happening.without_contact,
        staff=happening.staff,
    )


async def _find_again(
    widened: AsyncExitStack, session: AsyncSession, happening: Happening, unknown: Sequence[UUID], because: str
) -> Concerned:
    """Look where unknown recipients really belong; the locks make sure that none becomes known unnoticed."""
    for recipient_id in unknown:
        await lock_recipient(session, recipient_id)
    homes = set(await list_organisations_of_recipients(session, unknown))
    await _widen(widened, session, homes - happening.organisation_ids, because)
    return await _find(session, happening)


def _unknown(happening: Happening, found: Concerned) -> list[UUID]:
    return sorted(happening.recipient_ids - found.ids)


def _message(happening: Happening, human: str, listener: Listener, told: Told, found: Concerned) -> dict[str, Any]:
    fields = {**happening.fields, **happening.fields_of.get(listener.organisation_id, {})}
    prefers_phone = listener.prefers_phone and happening.may_be_read_out
    channel = domain.channel_for(told.channel, listener.email, prefers_phone=prefers_phone)
    written = _written(happening.fact_id, human, listener, told.kind, channel, fields, found)
    return {**written, **domain.about(happening.organiser_id, happening.session_id)}


def _written(
    fact_id: str,
    human: str,
    listener: Listener,
    kind: Kind,
    channel: Channel,
    fields: Mapping[str, Any],
    found: Concerned,
) -> dict[str, Any]:
    """The row of a message whose recipient is known, rendered now so that later texts do not change it."""
    common = {
        "name": listener.display_name,
        "names": listener.given_names,
        "organiser": found.organiser_name,
        "time_zone": found.organiser_time_zone,
        "place": found.site_name,
        "rooms": (),
    }
    language = choose_language(listener.language, listener.association_languages)
    rendered = render(kind, language, {**common, **fields}, as_letter=channel is not Channel.in_app)
    state = domain.FIRST_STATE[channel]
    now = clock.now().isoformat()
    return {
        "id": str(new_id()),
        "organisation_id": str(listener.organisation_id),
        "fact_id": fact_id,
        "human_key": human,
        "recipient_id": str(listener.recipient_id),
        "account_issuer": listener.account_issuer,
        "account_subject": listener.account_subject,
        "person_ids": [str(person_id) for person_id in listener.person_ids],
        "kind": kind,
        "language": language,
        "subject": rendered.subject,
        "body": rendered.body,
        "channel": channel,
        "state": state,
        "waiting_text": None,
        "created_at": now,
        "sent_at": now if state is MessageState.sent else None,
    }


def _waiting_message(happening: Happening, contact_id: UUID) -> dict[str, Any]:
    """The row of a message whose recipient is not known yet, with all that its text will need."""
    told = next(t for t in domain.WHO_IS_TOLD[happening.fact] if t.circle is happening.circle_of_contacts)
    return {
        "id": str(new_id()),
        "organisation_id": str(happening.contacts.get(contact_id, happening.organiser_id)),
        "fact_id": happening.fact_id,
        "human_key": f"recipient:{contact_id}",
        "recipient_id": str(contact_id),
        "person_ids": [],
        "kind": told.kind,
        "language": "",
        "subject": "",
        "body": "",
        "channel": told.channel,
        "state": MessageState.waiting_for_recipient,
        "waiting_text": {
            "organiser_id": str(happening.organiser_id),
            "site_id": str(happening.site_id) if happening.site_id else None,
            "kind": told.kind,
            "channel": told.channel,
            "may_be_read_out": happening.may_be_read_out,
            "participant_ids": [str(participant_id) for participant_id in happening.participant_ids],
            "fields": happening.fields,
        },
        "created_at": clock.now().isoformat(),
        **domain.about(happening.organiser_id, happening.session_id),
    }


async def _save(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the messages that are new and make their e-mails due."""
    if not rows:
        return
    saved = (await session.execute(INSERT, {"rows": json.dumps(rows)})).all()
    due = [
        {
            "kind": SEND_MESSAGE,
            "subject_id": row.id,
            "organisation_id": row.organisation_id,
            "due_at": row.created_at,
        }
        for row in saved
        if row.state == MessageState.pending
    ]
    if due:
        await session.execute(SCHEDULE, due)
    for state, number in Counter(row.state for row in saved).items():
        MESSAGES.labels(state).inc(number)


async def follow_recipient(session: AsyncSession, recipient_id: UUID, organisation_id: UUID) -> None:
    """Write the messages that waited for this recipient, and show all of his to the account he has now."""
    homes = set(await queries.list_organisations_with_messages_for(session, recipient_id))
    if not homes:
        return
    async with AsyncExitStack() as widened:
        await _widen(widened, session, homes - {organisation_id}, "a recipient became known")
        waiting = (await session.execute(TAKE_WAITING, {"recipient_id": recipient_id})).all()
        await _save(session, [await _completed(session, recipient_id, row) for row in waiting])
        await session.execute(FOLLOW_RECIPIENT, {"recipient_id": recipient_id})


async def _completed(session: AsyncSession, recipient_id: UUID, waiting: Row[Any]) -> dict[str, Any]:
    told = waiting.waiting_text
    participant_ids = [UUID(participant_id) for participant_id in told["participant_ids"]]
    found = await list_concerned(
        session,
        UUID(told["organiser_id"]),
        site_id=UUID(told["site_id"]) if told.get("site_id") else None,
        recipient_ids=[recipient_id],
        participant_ids=participant_ids,
    )
    (listener,) = found.listeners
    prefers_phone = listener.prefers_phone and told.get("may_be_read_out", False)
    channel = domain.channel_for(Channel(told["channel"]), listener.email, prefers_phone=prefers_phone)
    written = _written(waiting.fact_id, listener.human, listener, Kind(told["kind"]), channel, told["fields"], found)
    return {**written, **domain.about(waiting.about_organisation_id, waiting.session_id)}


async def begin_sending(session: AsyncSession, message_id: UUID, claim: int, mail_domain: str) -> Row[Any] | None:
    """Mark an e-mail as being sent, if this claim of its due row still holds; the lease starts anew.

    `was_sending` on the row says that an earlier attempt ended without a trace of the server's answer.
    """
    values = {
        "kind": SEND_MESSAGE,
        "message_id": message_id,
        "claim": claim,
        "lease": LEASE_SECONDS,
        "header": f"<{message_id}@{mail_domain}>",
    }
    row = (await session.execute(MARK_SENDING, values)).one_or_none()
    if row is None:
        await session.execute(FORGET_SENT, values)
    elif row.was_sending:
        UNCERTAIN_SENDS.inc()
    return row


async def record_sent(session: AsyncSession, message_id: UUID) -> None:
    """The mail server has taken the e-mail."""
    await session.execute(MARK_SENT, {"message_id": message_id})
    await complete(session, SEND_MESSAGE, message_id)
    MESSAGES.labels(MessageState.sent).inc()


async def record_failed(session: AsyncSession, message_id: UUID, error: str) -> None:
    """The e-mail is given up, where colleagues see it and can have it sent again."""
    await session.execute(MARK_FAILED, {"message_id": message_id, "error": error})
    await complete(session, SEND_MESSAGE, message_id)
    MESSAGES.labels(MessageState.failed).inc()


async def record_postponed(session: AsyncSession, message_id: UUID, error: str, *, answer_lost: bool) -> None:
    """The e-mail will be tried again; while the server's answer is lost it stays marked as being sent."""
    state = MessageState.sending if answer_lost else MessageState.pending
    await session.execute(MARK_POSTPONED, {"message_id": message_id, "state": state, "error": error})


async def retry_message(session: AsyncSession, organisation_ids: Collection[UUID], message_id: UUID) -> Message:
    """Send a failed e-mail again, with all its attempts. Raises NoSuchMessage, NotFailed."""
    message = await _lock(session, organisation_ids, message_id)
    if message.state != MessageState.failed:
        raise domain.NotFailed(f"It is {message.state}.")
    message.state, message.attempts, message.failed_at = MessageState.pending, 0, None
    await schedule(session, SEND_MESSAGE, message.id, message.organisation_id, clock.now())
    MESSAGES.labels(MessageState.pending).inc()
    return message


async def mark_printed(session: AsyncSession, organisation_ids: Collection[UUID], message_id: UUID) -> Message:
    """A colleague has told the recipient on paper or by telephone. Raises NoSuchMessage, NotToPrint."""
    message = await _lock(session, organisation_ids, message_id)
    if message.state == MessageState.to_print:
        message.state, message.sent_at = MessageState.printed, clock.now()
        MESSAGES.labels(MessageState.printed).inc()
    elif message.state != MessageState.printed:
        raise domain.NotToPrint(f"It is {message.state}.")
    return message


async def _lock(session: AsyncSession, organisation_ids: Collection[UUID], message_id: UUID) -> Message:
    message = await queries.lock_message(session, organisation_ids, message_id)
    if message is None:
        raise domain.NoSuchMessage
    return message


async def mark_read(session: AsyncSession, issuer: str, subject: str, message_id: UUID) -> Message:
    """The reader has seen his own message; the first time counts. Raises NoSuchMessage."""
    message = await queries.find_own_message(session, issuer, subject, message_id)
    if message is None:
        raise domain.NoSuchMessage
    async with act_for(session, message.organisation_id, "a reader marks his own message"):
        message.read_at = message.read_at or clock.now()
        await session.flush()
    return message


async def mark_all_read(session: AsyncSession, issuer: str, subject: str) -> int:
    """The account has seen all its messages; returns how many it had not."""
    number = 0
    for organisation_id in sorted(await queries.list_organisations_of_unread(session, issuer, subject)):
        async with act_for(session, organisation_id, "a reader marks his own messages"):
            values = {"issuer": issuer, "subject": subject, "organisation_id": organisation_id, "now": clock.now()}
            number += len((await session.execute(MARK_ALL_READ, values)).all())
    return number
