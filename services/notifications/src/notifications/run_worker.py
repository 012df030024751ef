"""Time in: every kind of due row and the job that does it."""

from __future__ import annotations

import asyncio

from access.retention import keep_periods
from common.commands import run_jobs
from common.due_rows import Job
from common.running import main, run_all
from notifications.database import worker_database
from notifications.erasures.use_cases import SEND_RECEIPT
from notifications.invariants import INVARIANTS
from notifications.messages.jobs import measure_unsent, send_message, send_receipt
from notifications.messages.outside import MailServerSettings, mail_server
from notifications.messages.use_cases import SEND_MESSAGE
from notifications.retention.use_cases import KEPT
from notifications.settings import Settings
from notifications.templates.use_cases import name_sign_in_address

JOBS: dict[str, Job] = {SEND_MESSAGE: send_message, SEND_RECEIPT: send_receipt}


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due until `stop` is set."""
    name_sign_in_address(settings.public_url)
    mail_server.connect(
        MailServerSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=settings.smtp_password,
            starttls=settings.smtp_starttls,
            mail_from=settings.mail_from,
            attempts_max=settings.message_attempts_max,
            mails_per_second_max=settings.mails_per_second_max,
        )
    )
    worker_database.connect(settings.worker_database_url, settings.database_connections_max)
    jobs = run_jobs("notifications", settings, worker_database, JOBS, stop, INVARIANTS)
    work = [jobs, measure_unsent(worker_database, stop), keep_periods(worker_database, KEPT, stop)]
    await run_all([asyncio.ensure_future(one) for one in work], stop)
    await mail_server.close()


if __name__ == "__main__":
    main("notifications", Settings(), run)
