"""What is kept of recipients and rights follows the tombstones of their topics."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.testing import deliver, deliver_tombstone, example
from contracts.activities import AccountPersonsChanged, ContactChanged
from contracts.event import Event
from contracts.partners import MembershipChanged
from contracts.staffing import PersonChanged
from notifications.run_consumer import REACTIONS

ACCESS, RECIPIENTS, *_others = REACTIONS


async def count(session: AsyncSession, table: str, column: str, event: Event) -> int:
    question = text(f"select count(*) from {table} where {column} = :key")
    return int((await session.execute(question, {"key": event.key})).scalar_one())


@pytest.mark.parametrize(
    ("event_class", "table", "column"),
    [
        (MembershipChanged, "known_memberships", "membership_id"),
        (AccountPersonsChanged, "known_account_persons", "contact_id"),
        (PersonChanged, "recipients", "recipient_id"),
        (ContactChanged, "recipients", "recipient_id"),
        (ContactChanged, "recipient_persons", "recipient_id"),
    ],
)
async def test_a_tombstone_removes_what_is_kept(
    session: AsyncSession, event_class: type[Event], table: str, column: str
) -> None:
    event = example(event_class)
    reaction = RECIPIENTS if table.startswith("recipient") else ACCESS
    assert await deliver(session, reaction, event) == "handled"
    assert await count(session, table, column, event) > 0
    assert await deliver_tombstone(session, reaction, event) == "erased"
    assert await count(session, table, column, event) == 0
    assert await deliver_tombstone(session, reaction, event) == "repeated"
