"""Somebody who works is erased, from the committed example and delivered twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import account_digest
from access.principals import Account
from common.database import apply_context, organisation_context
from common.ids import new_id
from common.testing import deliver, example, published, rolled_back
from contracts.activities import ErasureRequested
from contracts.staffing import PersonChanged, WorkersErased
from staffing.erasures.event_handlers import ERASURES
from staffing.people.tables import Person
from staffing.people.use_cases import announce_every_person, register_person
from tests.conftest import ServiceDatabases

ACCOUNT = Account("https://sign-in.example.org", "rosa.zylberman")
FIELDS = {
    "kind": "volunteer",
    "display_name": "Rosa Zylberman",
    "email": "rosa@zylberman.example",
    "phone": "+32 470 00 00 00",
    "language": "fr",
    "weekly_minutes_agreed": None,
    "started_on": date(2025, 9, 1),
    "ended_on": None,
}


@pytest.fixture
async def session(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[AsyncSession]:
    async with rolled_back(databases_of("staffing").engine("worker")) as opened:
        yield opened


async def register(session: AsyncSession, organisation_id: UUID) -> UUID:
    """Rosa, with an account."""
    await apply_context(session, organisation_context(organisation_id, "test"))
    person = await register_person(session, organisation_id, FIELDS)
    person.account_issuer, person.account_subject = ACCOUNT.issuer, ACCOUNT.subject
    await session.flush()
    return person.id


def request_of(organisation_id: UUID, *person_ids: UUID, digests: tuple[str, ...] = ()) -> ErasureRequested:
    event = example(
        ErasureRequested,
        organisation_id=organisation_id,
        worker_ids=person_ids,
        account_digests=digests,
        is_whole_account=bool(digests),
    )
    assert isinstance(event, ErasureRequested)
    return event


async def answers(session: AsyncSession) -> list[WorkersErased]:
    return [event for event in await published(session) if isinstance(event, WorkersErased)]


@pytest.mark.parametrize("by_account", [False, True])
async def test_a_person_is_erased_by_id_or_account(session: AsyncSession, by_account: bool) -> None:
    organisation_id = new_id()
    person_id = await register(session, organisation_id)
    digests = (account_digest(ACCOUNT),) if by_account else ()
    request = request_of(organisation_id, *(() if by_account else (person_id,)), digests=digests)
    assert await deliver(session, ERASURES, request) == "handled"
    assert await deliver(session, ERASURES, request) == "repeated"
    (answer,) = await answers(session)
    assert {records.record: records.count for records in answer.erased}["people"] == 1
    row = await session.scalar(text("select p::text from people p where id = :id"), {"id": person_id})
    assert "ylberman" not in row
    assert "470" not in row
    told = text("select payload from outbox_events where key = :id and topic = 'staffing.people'")
    assert set((await session.scalars(told, {"id": person_id})).all()) == {""}
    assert await announce_every_person(session) == 0, "who is erased is not announced again"
    assert not [event for event in await published(session) if isinstance(event, PersonChanged)]


async def test_another_association_erases_nobody(session: AsyncSession) -> None:
    organisation_id = new_id()
    person_id = await register(session, organisation_id)
    await deliver(session, ERASURES, request_of(new_id(), person_id, digests=(account_digest(ACCOUNT),)))
    await apply_context(session, organisation_context(organisation_id, "test"))
    person = await session.get(Person, person_id, populate_existing=True)
    assert person is not None
    assert person.display_name == "Rosa Zylberman"
