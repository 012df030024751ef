"""The receipt is the last that is sent, and its address the last that goes; from the example and delivered twice."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid5

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import Database, organisation_context
from common.due_rows import DueRow
from common.ids import new_id
from common.testing import deliver, deliver_tombstone, example, published
from contracts.activities import ContactChanged, ErasureRequested, ErasureStep
from contracts.notifications import RecipientsErased
from notifications.erasures.event_handlers import ERASURES
from notifications.erasures.use_cases import SEND_RECEIPT
from notifications.messages import jobs
from notifications.messages.outside import Mail, MailPostponed, MailRefused
from notifications.run_consumer import REACTIONS
from notifications.run_worker import JOBS
from tests.conftest import ServiceDatabases

RECIPIENTS = next(reaction for reaction in REACTIONS if reaction.group == "notifications.recipients")


def contact_of(organisation_id: object) -> ContactChanged:
    """Rosa, whose account is being linked: her code is a message."""
    event = example(
        ContactChanged,
        organisation_id=organisation_id,
        contact_id=new_id(),
        display_name="Rosa Zylberman",
        email="rosa@zylberman.example",
        link_code="a-code-that-is-long-enough",
    )
    assert isinstance(event, ContactChanged)
    return event


def step_of(contact: ContactChanged, step: ErasureStep) -> ErasureRequested:
    event = example(
        ErasureRequested,
        organisation_id=contact.organisation_id,
        erasure_id=uuid5(contact.contact_id, "erasure"),
        contact_ids=(contact.contact_id,),
        worker_ids=(),
        participant_ids=(),
        step=step,
    )
    assert isinstance(event, ErasureRequested)
    return event


async def begun(session: AsyncSession, contact: ContactChanged) -> None:
    """Rosa is told her code, her address is set aside, and the owner of her record erases it."""
    await deliver(session, RECIPIENTS, contact)
    for expected in ("handled", "repeated"):
        assert await deliver(session, ERASURES, step_of(contact, ErasureStep.address)) == expected
    await deliver_tombstone(session, RECIPIENTS, contact)
    for expected in ("handled", "repeated"):
        assert await deliver(session, ERASURES, step_of(contact, ErasureStep.messages)) == expected


async def test_messages_go_and_the_answer_waits_for_the_receipt(session: AsyncSession) -> None:
    contact = contact_of(new_id())
    await begun(session, contact)
    answers = [event for event in await published(session) if isinstance(event, RecipientsErased)]
    assert [event.step for event in answers] == ["address"]
    messages = text("select count(*) from messages where recipient_id = :id")
    assert await session.scalar(messages, {"id": contact.contact_id}) == 0
    due = text("select kind from due_rows where organisation_id = :id")
    assert (await session.scalars(due, {"id": contact.organisation_id})).all() == [SEND_RECEIPT]


async def test_without_an_address_the_answer_comes_at_once(session: AsyncSession) -> None:
    contact = contact_of(new_id())
    for step in ErasureStep:
        await deliver(session, ERASURES, step_of(contact, step))
    answers = [event for event in await published(session) if isinstance(event, RecipientsErased)]
    assert [event.step for event in answers] == ["address", "messages"]


class Server:
    """A mail server at the outer edge that takes, refuses or postpones."""

    attempts_max, domain = 2, "example.org"

    def __init__(self, *faults: Exception | None) -> None:
        self.faults, self.sent = list(faults), list[Mail]()

    async def await_turn(self) -> None:
        """At once."""

    async def send(self, mail: Mail) -> None:
        """Record it, or fail as told."""
        fault = self.faults.pop(0)
        if fault is not None:
            raise fault
        self.sent.append(mail)


@pytest.mark.parametrize(
    ("faults", "sent"),
    [
        ((None,), 1),
        ((MailPostponed("later"), None), 1),
        ((MailRefused("no such mailbox"),), 0),
        ((MailPostponed("later"), MailPostponed("later")), 0),
    ],
    ids=["taken", "postponed", "refused", "given up"],
)
async def test_the_address_goes_with_the_receipt(
    worker_database: Database,
    databases_of: Callable[[str], ServiceDatabases],
    monkeypatch: pytest.MonkeyPatch,
    faults: tuple[Exception | None, ...],
    sent: int,
) -> None:
    server = Server(*faults)
    monkeypatch.setattr(jobs, "mail_server", server)
    contact = contact_of(new_id())
    async with worker_database.transaction() as session:
        await begun(session, contact)
    erasure_id = step_of(contact, ErasureStep.address).erasure_id
    due = DueRow(SEND_RECEIPT, erasure_id, contact.organisation_id, 1)
    for fault in faults[:-1]:
        assert fault is not None
        with pytest.raises(jobs.NotSentYet):
            await JOBS[SEND_RECEIPT](worker_database, due)
    for _again in range(2):
        await JOBS[SEND_RECEIPT](worker_database, due)
    assert len(server.sent) == sent
    for mail in server.sent:
        assert mail.to_address == "rosa@zylberman.example"
        assert "2033" in mail.body, "until when the books are kept"
    async with worker_database.transaction(organisation_context(contact.organisation_id, "test")) as session:
        assert await session.scalar(text("select count(*) from farewells")) == 0
    async with databases_of("notifications").engine("owner").connect() as connection:
        told = text("select count(*) from outbox_events where key = :id and wire_type = :wire_type")
        values = {"id": erasure_id, "wire_type": RecipientsErased.wire_type}
        assert await connection.scalar(told, values) == 2
