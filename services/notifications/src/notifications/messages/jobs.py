"""Time in: e-mails that are due, and the age of those that are not sent."""

from __future__ import annotations

import asyncio

from common.database import Database
from common.due_rows import DueRow
from common.reactions import is_passing
from common.waiting import pause
from notifications.messages import queries, use_cases
from notifications.messages.outside import Mail, MailAnswerLost, MailPostponed, MailRefused, mail_server
from notifications.metrics import OLDEST_PENDING_AGE_SECONDS

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
