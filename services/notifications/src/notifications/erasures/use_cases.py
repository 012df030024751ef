"""Erasing those who were told things: first the last address is set aside, in the end it gets the receipt and goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST, erase_traces
from common import due_rows
from common.clock import now
from common.outbox import publish
from contracts.erasures import ErasedRecords
from contracts.notifications import RecipientsErased
from notifications.erasures import queries
from notifications.erasures.tables import Farewell
from notifications.recipients.queries import find_last_address, list_recipient_ids
from notifications.recipients.use_cases import forget_recipient
from notifications.templates.domain import Kind
from notifications.templates.use_cases import RenderedText, render

SEND_RECEIPT = "send_receipt"
STEP_ADDRESS, STEP_MESSAGES = "address", "messages"
ERASE_MESSAGES = text(
    f"""with gone as (
         delete from messages
          where organisation_id = :organisation_id
            and (recipient_id = any(:recipient_ids) or person_ids && cast(:participant_ids as uuid[])
                 or {DIGEST.format("account_issuer || '|' || account_subject")} = any(:account_digests))
         returning id),
       undue as (delete from due_rows where subject_id in (select id from gone))
       select count(*) from gone"""
)
NAME_ORGANISATION = text("select name from known_organisations where organisation_id = :organisation_id")


@dataclass(frozen=True)
class Erased:
    """Somebody whom an association erases, as notifications knows them.

    Whatever was told to `account_digests` goes; `digests_of_readers` are the accounts whose acts lose their name.
    """

    organisation_id: UUID
    erasure_id: UUID
    recipient_ids: Sequence[UUID]
    participant_ids: Sequence[UUID]
    account_digests: Sequence[str]
    digests_of_readers: Sequence[str]


@dataclass(frozen=True)
class Letter:
    """A receipt to send."""

    email: str
    language: str
    text: RenderedText
    attempts: int


async def set_address_aside(session: AsyncSession, erased: Erased) -> None:
    """Keep where the receipt will be sent, if that is known, and answer."""
    ids = await list_recipient_ids(session, erased.organisation_id, erased.recipient_ids, erased.account_digests)
    address = await find_last_address(session, ids)
    if address is not None:
        email, language = address
        values = {
            "erasure_id": erased.erasure_id,
            "organisation_id": erased.organisation_id,
            "email": email,
            "language": language,
        }
        await session.execute(insert(Farewell).values(values).on_conflict_do_nothing())
    await _answer(session, erased.organisation_id, erased.erasure_id, STEP_ADDRESS, ())


async def erase_recipients(session: AsyncSession, erased: Erased, told: list[Any], kept: list[Any], code: str) -> None:
    """Erase messages and recipients; the answer follows when the receipt has left, at once when nobody gets one.

    A recipient whom the owner of the record erased before leaves his messages to this.
    """
    known = await list_recipient_ids(session, erased.organisation_id, erased.recipient_ids, erased.account_digests)
    ids = sorted({*known, *erased.recipient_ids})
    values = {
        "organisation_id": erased.organisation_id,
        "recipient_ids": ids,
        "participant_ids": list(erased.participant_ids),
        "account_digests": list(erased.account_digests),
    }
    messages = int((await session.execute(ERASE_MESSAGES, values)).scalar_one())
    for recipient_id in known:
        await forget_recipient(session, recipient_id)
    traces = await erase_traces(session, erased.organisation_id, (), (), erased.digests_of_readers)
    counts = {"messages": messages, "traces": traces}
    own = [{"record": record, "count": count} for record, count in counts.items() if count]
    farewell = await queries.lock_farewell(session, erased.erasure_id)
    if farewell is None:
        await _answer(session, erased.organisation_id, erased.erasure_id, STEP_MESSAGES, own)
        return
    if farewell.erased is None:
        farewell.erased, farewell.kept, farewell.code = [*told, *own], kept, code
    await session.flush()
    await due_rows.schedule(session, SEND_RECEIPT, erased.erasure_id, erased.organisation_id, now())


async def begin_receipt(session: AsyncSession, erasure_id: UUID) -> Letter | None:
    """The receipt, with this attempt counted; None when it has left before."""
    farewell = await queries.lock_farewell(session, erasure_id)
    if farewell is None or farewell.erased is None:
        return None
    farewell.attempts += 1
    organiser = await session.scalar(NAME_ORGANISATION, {"organisation_id": farewell.organisation_id})
    fields = {
        "organiser": organiser or "",
        "time_zone": "UTC",
        "erased": sum(item["count"] for item in farewell.erased),
        "kept": farewell.kept or [],
        "code": farewell.code,
    }
    written = render(Kind.erasure_receipt, farewell.language, fields, as_letter=False)
    await session.flush()
    return Letter(farewell.email, farewell.language, written, farewell.attempts)


async def end_receipt(session: AsyncSession, erasure_id: UUID) -> None:
    """The receipt has left, or never will: its address goes, and the last step is answered. Again changes nothing."""
    farewell = await queries.lock_farewell(session, erasure_id)
    if farewell is None:
        return
    organisation_id = farewell.organisation_id
    own = [item for item in farewell.erased or () if item["record"] == "messages"]
    await session.delete(farewell)
    await session.flush()
    await _answer(session, organisation_id, erasure_id, STEP_MESSAGES, own)


async def _answer(
    session: AsyncSession, organisation_id: UUID, erasure_id: UUID, step: str, erased: Sequence[dict[str, Any]]
) -> None:
    answer = RecipientsErased(
        organisation_id=organisation_id,
        erasure_id=erasure_id,
        step=step,
        erased=tuple(ErasedRecords.model_validate(item) for item in erased),
    )
    await publish(session, answer)
