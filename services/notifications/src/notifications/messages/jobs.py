"""Time in: e-mails that are due, and the age of those that are not sent."""

from __future__ import annotations

import asyncio

from common.clock import now
from common.database import Database
from common.due_rows import DueRow, complete
from common.logging import get_logger
from common.reactions import is_passing
from common.waiting import pause
from notifications.erasures import use_cases as erasures
from notifications.messages import queries, use_cases
from notifications.messages.outside import Mail, MailAnswerLost, MailPostponed, MailRefused, mail_server
from notifications.metrics import OLDEST_PENDING_AGE_SECONDS

logger = get_logger(__name__)

MEASURE_SECONDS = 10.0


class NotSentYet(Exception):
    """The e-mail comes back later; the message itself says why."""


async def send_message(database: Database, due: DueRow) -> None:
    """Send one e-mail: marked, sent outside any transaction, then recorded.

    Raises NotSentYet when it must be tried again.
    """
    await mail_server.await_turn()
    async with database.transaction(due.context) as session:
        row = await use_cases.begin_sending(session, due.subject_id, due.attempts, mail_server.domain)
    if row is None:
        return
    mail = Mail(row.message_id, row.name or "", row.email or "", row.subject, row.body, row.language, row.created_at)
    try:
        await mail_server.send(mail)
    except MailRefused as error:
        async with database.transaction(due.context) as session:
            await use_cases.record_failed(session, due.subject_id, str(error))
    except (MailPostponed, MailAnswerLost) as error:
        await _postpone(database, due, row.attempts, error)
    else:
        async with database.transaction(due.context) as session:
            await use_cases.record_sent(session, due.subject_id)


async def _postpone(database: Database, due: DueRow, attempts: int, error: MailPostponed | MailAnswerLost) -> None:
    async with database.transaction(due.context) as session:
        if attempts >= mail_server.attempts_max:
            await use_cases.record_failed(session, due.subject_id, f"given up after {attempts} attempts: {error}")
            return
        answer_lost = isinstance(error, MailAnswerLost)
        await use_cases.record_postponed(session, due.subject_id, str(error), answer_lost=answer_lost)
    raise NotSentYet(type(error).__name__)


async def send_receipt(database: Database, due: DueRow) -> None:
    """Send the receipt of an erasure, outside any transaction; then its address is forgotten, whatever came of it.

    Raises NotSentYet when it must be tried again.
    """
    await mail_server.await_turn()
    async with database.transaction(due.context) as session:
        letter = await erasures.begin_receipt(session, due.subject_id)
    if letter is not None:
        message_id = f"<erasure-{due.subject_id}@{mail_server.domain}>"
        written = letter.text
        mail = Mail(message_id, "", letter.email, written.subject, written.body, letter.language, now())
        try:
            await mail_server.send(mail)
        except MailRefused as error:
            logger.warning("a receipt was refused for good", error=type(error).__name__)
        except (MailPostponed, MailAnswerLost) as error:
            if letter.attempts < mail_server.attempts_max:
                raise NotSentYet(type(error).__name__) from error
    async with database.transaction(due.context) as session:
        await erasures.end_receipt(session, due.subject_id)
        await complete(session, due.kind, due.subject_id)


async def measure_unsent(database: Database, stop: asyncio.Event) -> None:
    """Show how long the oldest unsent e-mail waits, until `stop` is set."""
    while not stop.is_set():
        try:
            async with database.transaction() as session:
                OLDEST_PENDING_AGE_SECONDS.set(await queries.get_oldest_unsent_age(session))
        except Exception as error:
            if not is_passing(error):
                raise
        await pause(stop, MEASURE_SECONDS)
