"""The mail server: SMTP connections that are kept open, and what its answers mean."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

ENVELOPE_SECONDS_MAX = 20.0
CONTENT_SECONDS_MAX = 25.0
IDLE_CONNECTIONS_MAX = 8


class MailPostponed(Exception):
    """The server did not take the mail now; it was certainly not sent."""


class _ConnectionGone(MailPostponed):
    """A connection that was kept open is no longer; a new one may work."""


class MailRefused(Exception):
    """The server will never take this mail, or it cannot be written."""


class MailAnswerLost(Exception):
    """The mail was handed over and the answer never came: it may have been sent."""


@dataclass(frozen=True)
class MailServerSettings:
    """How mail leaves this installation."""

    host: str
    port: int
    username: str
    password: str
    starttls: bool
    mail_from: str
    attempts_max: int
    mails_per_second_max: float


@dataclass(frozen=True)
class Mail:
    """A plain-text e-mail; the same `message_id` whenever it is sent again."""

    message_id: str
    to_name: str
    to_address: str
    subject: str
    body: str
    language: str
    written_at: datetime


class MailServer:
    """One process's connections to the mail server; `connect` before the first mail."""

    def __init__(self) -> None:
        self._known: MailServerSettings | None = None
        self._idle: list[SMTP] = []
        self._next_turn_at = 0.0

    def connect(self, settings: MailServerSettings) -> None:
        """Set where mail goes; a connection is made at first use."""
        self._known = settings

    @property
    def _settings(self) -> MailServerSettings:
        if self._known is None:
            raise RuntimeError("the mail server is used before connect() was called")
        return self._known

    @property
    def attempts_max(self) -> int:
        """How often an e-mail is tried before it counts as failed."""
        return self._settings.attempts_max

    @property
    def domain(self) -> str:
        """The domain that our mail comes from."""
        return parseaddr(self._settings.mail_from)[1].rpartition("@")[2] or "maillage.invalid"

    async def await_turn(self) -> None:
        """Wait until the next mail may go: providers turn a flood away, and people who book come before their mail."""
        now = asyncio.get_running_loop().time()
        turn_at = max(now, self._next_turn_at)
        self._next_turn_at = turn_at + 1 / self._settings.mails_per_second_max
        await asyncio.sleep(turn_at - now)

    async def send(self, mail: Mail) -> None:
        """Hand one mail over, within 45 seconds. Raises MailPostponed, MailRefused or MailAnswerLost."""
        try:
            content = _write(self._settings.mail_from, mail)
            mail.to_address.encode("ascii")
        except (ValueError, IndexError) as error:
            raise MailRefused(f"the e-mail cannot be written: {error}") from error
        try:
            async with asyncio.timeout(ENVELOPE_SECONDS_MAX):
                connection = await self._ready_for(mail.to_address)
        except TimeoutError as error:
            raise MailPostponed("the mail server is too slow") from error
        await self._hand_over(connection, content)

    async def _hand_over(self, connection: SMTP, content: bytes) -> None:
        try:
            async with asyncio.timeout(CONTENT_SECONDS_MAX):
                await connection.data(content)
        except BaseException as error:
            connection.close()
            if isinstance(error, SMTPResponseException):
                raise _meaning(error) from error
            if isinstance(error, SMTPException | OSError):
                raise MailAnswerLost(f"no answer after it was handed over: {type(error).__name__}") from error
            raise
        self._keep(connection)

    async def _ready_for(self, to_address: str) -> SMTP:
        """A connection on which sender and recipient are accepted; a kept one that has gone is replaced."""
        while self._idle:
            with contextlib.suppress(_ConnectionGone):
                return await self._address(self._idle.pop(), to_address)
        return await self._address(await self._open(), to_address)

    async def _address(self, connection: SMTP, to_address: str) -> SMTP:
        try:
            await connection.mail(parseaddr(self._settings.mail_from)[1])
            await connection.rcpt(to_address)
        except BaseException as error:
            connection.close()
            if isinstance(error, SMTPResponseException):
                raise _meaning(error) from error
            if isinstance(error, SMTPException | OSError):
                raise _ConnectionGone(f"the mail server left: {type(error).__name__}") from error
            raise
        return connection

    async def _open(self) -> SMTP:
        settings = self._settings
        connection = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password or None,
            start_tls=settings.starttls,
            timeout=ENVELOPE_SECONDS_MAX,
        )
        try:
            await connection.connect()
        except BaseException as error:
            connection.close()
            if isinstance(error, SMTPException | OSError):
                raise MailPostponed(f"the mail server cannot be reached: {type(error).__name__}") from error
            raise
        return connection

    def _keep(self, connection: SMTP) -> None:
        if len(self._idle) < IDLE_CONNECTIONS_MAX and connection.is_connected:
            self._idle.append(connection)
        else:
            connection.close()

    async def close(self) -> None:
        """Say goodbye on the connections that are kept."""
        idle, self._idle = self._idle, []
        for connection in idle:
            with contextlib.suppress(SMTPException, OSError):
                await connection.quit(timeout=1)


mail_server = MailServer()


def _meaning(error: SMTPResponseException) -> Exception:
    """A 5xx answer is for good; everything else may be different later."""
    told = f"{error.code} {error.message}"[:500]
    return MailRefused(told) if 500 <= error.code <= 599 else MailPostponed(told)


def _write(mail_from: str, mail: Mail) -> bytes:
    """The mail as it travels. Raises ValueError for an address or a name that no header can hold."""
    message = EmailMessage(policy=SMTP_POLICY)
    sender_name, sender = parseaddr(mail_from)
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(" ".join(mail.to_name.split()), addr_spec=mail.to_address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    message["Content-Language"] = mail.language  # After the content, which clears every header that begins so.
    return message.as_bytes()
