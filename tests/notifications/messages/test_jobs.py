"""E-mails against a real SMTP server that behaves, refuses, postpones, or goes silent after taking the mail."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Row, text

from common.database import Database, organisation_context
from common.due_rows import DueRow
from common.ids import new_id
from common.testing import deliver
from maillage.embedded.ports import free_port
from notifications.messages.jobs import NotSentYet, send_message
from notifications.messages.outside import MailServerSettings, mail_server
from notifications.messages.use_cases import SEND_MESSAGE
from tests.notifications.people import MESSAGES, RECIPIENTS, booking_of, contact_of

CLAIM = text(
    """update due_rows set attempts = attempts + 1, due_at = clock_timestamp() + interval '60 s'
        where kind = :kind and subject_id = :id returning attempts"""
)


@dataclass
class MailRoom:
    """What an SMTP server does with the next mails, and what it took."""

    answers: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str) -> str:
        self.connections += 1
        session.host_name = hostname
        return "250 HELP"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        content = envelope.content
        assert isinstance(content, bytes)
        if answer == "goes silent" or answer.startswith("250"):
            message = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        if answer == "goes silent":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer


@dataclass
class Outgoing:
    """One booking's e-mail, due to be sent."""

    database: Database
    organisation_id: UUID
    message_id: UUID
    contact_id: UUID

    async def send(self) -> None:
        """What the worker does with the due row."""
        async with self.database.transaction() as session:
            claim = await session.execute(CLAIM, {"kind": SEND_MESSAGE, "id": self.message_id})
            attempts = claim.scalar_one()
        await send_message(self.database, DueRow(SEND_MESSAGE, self.message_id, self.organisation_id, attempts))

    async def row(self) -> Row[Any]:
        context = organisation_context(self.organisation_id, "test")
        async with self.database.transaction(context) as session:
            found = await session.execute(text("select * from messages where id = :id"), {"id": self.message_id})
            return found.one()

    async def is_due(self) -> bool:
        async with self.database.transaction() as session:
            rows = await session.execute(text("select 1 from due_rows where subject_id = :id"), {"id": self.message_id})
            return rows.first() is not None


def connect(port: int, attempts_max: int = 3, mails_per_second_max: float = 1_000) -> None:
    sender = "Maillage <post@maillage.example.org>"
    settings = MailServerSettings("127.0.0.1", port, "", "", False, sender, attempts_max, mails_per_second_max)
    mail_server.connect(settings)


@pytest.fixture
async def mail_room() -> AsyncIterator[MailRoom]:
    room = MailRoom()
    controller = Controller(room, hostname="127.0.0.1", port=free_port())
    controller.start()
    connect(controller.port)
    yield room
    await mail_server.close()
    controller.stop()


@pytest.fixture
async def write(worker_database: Database) -> Callable[..., Any]:
    """Writes a booking's e-mail to a new contact."""

    async def write(**fields: object) -> Outgoing:
        organisation_id = new_id()
        contact = contact_of(organisation_id, display_name="Zoë “Zo” Ndiaye", language="fr", **fields)
        async with worker_database.transaction() as session:
            await deliver(session, RECIPIENTS, contact)
            await deliver(session, MESSAGES, booking_of(organisation_id, contact))
            (message,) = (await session.execute(text("select id from messages"))).all()
        return Outgoing(worker_database, organisation_id, message.id, contact.contact_id)

    return write


async def test_mails_leave_one_after_the_other_at_the_rate_that_is_set() -> None:
    connect(25, mails_per_second_max=20)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await asyncio.gather(*(mail_server.await_turn() for _ in range(5)))
    assert loop.time() - started >= 4 / 20


async def test_an_email_is_sent_once_and_recorded(mail_room: MailRoom, write: Callable[..., Any]) -> None:
    outgoing = await write()
    await outgoing.send()

    row = await outgoing.row()
    assert (row.state, row.attempts, row.uncertain_sends, row.last_error) == ("sent", 1, 0, None)
    assert row.sent_at is not None
    assert not await outgoing.is_due()
    (mail,) = mail_room.taken
    assert mail["Message-ID"] == row.message_id == f"<{row.id}@maillage.example.org>"
    assert mail["Content-Language"] == row.language
    assert mail["From"] == "Maillage <post@maillage.example.org>"
    assert mail["To"].addresses[0].display_name == "Zoë “Zo” Ndiaye"
    assert mail["Subject"] == "Inscription confirmée : Atelier cirque"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == row.body


async def test_connections_are_kept_and_a_lost_one_is_replaced(mail_room: MailRoom, write: Callable[..., Any]) -> None:
    for _ in range(3):
        await (await write()).send()
    assert mail_room.connections == 1

    for connection in mail_server._idle:
        connection.close()
    await (await write()).send()

    assert mail_room.connections == 2
    assert len(mail_room.taken) == 4


async def test_a_server_that_is_away_is_tried_again_until_it_answers(
    mail_room: MailRoom, write: Callable[..., Any]
) -> None:
    outgoing = await write()
    working = mail_server._settings
    connect(free_port())
    with pytest.raises(NotSentYet):
        await outgoing.send()
    row = await outgoing.row()
    assert (row.state, row.attempts, row.uncertain_sends) == ("pending", 1, 0)
    assert "cannot be reached" in row.last_error
    assert await outgoing.is_due()

    mail_server.connect(working)
    mail_room.answers = ["451 come back later"]
    with pytest.raises(NotSentYet):
        await outgoing.send()
    assert (await outgoing.row()).last_error.startswith("451")
    await outgoing.send()

    row = await outgoing.row()
    assert (row.state, row.attempts, row.uncertain_sends) == ("sent", 3, 0)
    assert len(mail_room.taken) == 1


async def test_after_the_last_attempt_it_is_failed_and_visible(write: Callable[..., Any]) -> None:
    outgoing = await write()
    connect(free_port(), attempts_max=2)
    with pytest.raises(NotSentYet):
        await outgoing.send()
    await outgoing.send()

    row = await outgoing.row()
    assert (row.state, row.attempts) == ("failed", 2)
    assert row.failed_at is not None
    assert not await outgoing.is_due()


async def test_a_refusal_for_good_fails_at_once(mail_room: MailRoom, write: Callable[..., Any]) -> None:
    mail_room.answers = ["550 no such mailbox"]
    outgoing = await write()
    await outgoing.send()

    row = await outgoing.row()
    assert (row.state, row.attempts, row.last_error) == ("failed", 1, "550 no such mailbox")
    assert not await outgoing.is_due()


@pytest.mark.parametrize(
    "address", ["nobody", "a b@example.org", "zoë@example.org", "a@example.org\nBcc: b@example.org"]
)
async def test_an_address_that_cannot_be_written_fails_at_once(
    mail_room: MailRoom, write: Callable[..., Any], address: str
) -> None:
    outgoing = await write(email=address)
    await outgoing.send()

    assert (await outgoing.row()).state == "failed"
    assert mail_room.taken == []


async def test_when_the_answer_is_lost_it_is_sent_again_under_the_same_id_and_counted(
    mail_room: MailRoom, write: Callable[..., Any]
) -> None:
    mail_room.answers = ["goes silent"]
    outgoing = await write()
    with pytest.raises(NotSentYet):
        await outgoing.send()
    row = await outgoing.row()
    assert (row.state, row.uncertain_sends) == ("sending", 0)

    await outgoing.send()

    row = await outgoing.row()
    assert (row.state, row.attempts, row.uncertain_sends) == ("sent", 2, 1)
    assert [mail["Message-ID"] for mail in mail_room.taken] == [row.message_id, row.message_id]


async def test_a_worker_that_lost_its_claim_sends_nothing(mail_room: MailRoom, write: Callable[..., Any]) -> None:
    outgoing = await write()
    stale = DueRow(SEND_MESSAGE, outgoing.message_id, outgoing.organisation_id, 1)
    await outgoing.send()
    await send_message(outgoing.database, stale)
    unsent = await write()
    async with unsent.database.transaction() as session:
        for _ in range(2):
            await session.execute(CLAIM, {"kind": SEND_MESSAGE, "id": unsent.message_id})
    await send_message(unsent.database, DueRow(SEND_MESSAGE, unsent.message_id, unsent.organisation_id, 1))

    assert len(mail_room.taken) == 1
    assert (await unsent.row()).state == "pending"


async def test_a_retried_message_goes_to_the_address_of_today(
    mail_room: MailRoom, write: Callable[..., Any], worker_database: Database
) -> None:
    from notifications.messages.use_cases import retry_message

    outgoing = await write()
    mail_room.answers = ["550 no such mailbox"]
    await outgoing.send()
    moved = contact_of(outgoing.organisation_id, contact_id=outgoing.contact_id, version=2, email="new@example.org")
    async with worker_database.transaction() as session:
        await deliver(session, RECIPIENTS, moved)
        await retry_message(session, {outgoing.organisation_id}, outgoing.message_id)
    await outgoing.send()

    assert (await outgoing.row()).state == "sent"
    assert mail_room.taken[0]["To"].addresses[0].addr_spec == "new@example.org"
