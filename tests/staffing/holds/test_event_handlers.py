"""People are held for a session, all or nobody; confirmed they count, given back they are free; each event twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import organisation_context
from common.ids import new_id
from common.testing import deliver, example, published, rolled_back
from contracts.activities import HoldConfirmed, HoldReleased, HoldRequested
from contracts.event import Event
from contracts.staffing import PeopleHeld, PeopleRefused, ShiftAssigned, ShiftReleased
from staffing.holds.event_handlers import HOLDS
from staffing.people.use_cases import register_person
from staffing.qualifications.use_cases import record_qualification
from tests.conftest import ServiceDatabases
from tests.staffing.conftest import hear, scheduled

PERSON = {"kind": "volunteer", "display_name": "Aïcha", "language": "fr"}


@pytest.fixture
async def transaction(
    databases_of: Callable[[str], ServiceDatabases], organisation_id: UUID
) -> AsyncIterator[AsyncSession]:
    """A transaction of the worker role for the organisation that leaves nothing behind."""
    engine = databases_of("staffing").engine("worker")
    async with rolled_back(engine, organisation_context(organisation_id, "test")) as session:
        yield session


class Saga:
    """One hold, as its coordinator speaks of it."""

    def __init__(self, session: AsyncSession, organisation_id: UUID) -> None:
        self.session = session
        self.planned = scheduled(organisation_id)
        self.named = {
            "organisation_id": organisation_id,
            "hold_id": new_id(),
            "session_id": self.planned.session_id,
        }

    async def person(self, *, qualified: bool = True) -> UUID:
        values = {**PERSON, "started_on": self.planned.starts_at.date().replace(year=2020)}
        person = await register_person(self.session, self.planned.organisation_id, values)
        if qualified:
            paper = {"kind": "animator_certificate", "issuer": "FWB", "issued_on": values["started_on"]}
            await record_qualification(self.session, person.id, paper, is_verified=True)
        return person.id

    async def ask(self, *wishes: dict[str, Any], version: int = 1) -> list[Event]:
        """Request, twice; gives what staffing answered."""
        times = {"starts_at": self.planned.starts_at, "ends_at": self.planned.ends_at}
        asked = example(HoldRequested, **self.named, **times, version=version, people=wishes)
        return await self.hear(asked)

    async def confirm(self, version: int = 1) -> list[Event]:
        return await self.hear(example(HoldConfirmed, **self.named, version=version))

    async def release(self, version: int = 1) -> list[Event]:
        return await self.hear(example(HoldReleased, **self.named, version=version))

    async def hear(self, event: Event) -> list[Event]:
        before, event_id = len(await published(self.session)), new_id()
        assert await deliver(self.session, HOLDS, event, event_id) == "handled"
        assert await deliver(self.session, HOLDS, event, event_id) == "repeated"
        return (await published(self.session))[before:]

    async def states(self) -> list[str]:
        rows = await self.session.scalars(text("select state from assignments order by id"))
        return list(rows.all())


def wish(count: int = 1, *person_ids: UUID, **fields: Any) -> dict[str, Any]:
    return {"role": "animator", "count": count, "qualification": "bafa", "person_ids": person_ids, **fields}


@pytest.fixture
def saga(transaction: AsyncSession, organisation_id: UUID) -> Saga:
    return Saga(transaction, organisation_id)


async def test_people_are_held_and_count_once_they_are_confirmed(saga: Saga) -> None:
    named, other = await saga.person(), await saga.person()
    await saga.person(qualified=False)
    (held,) = await saga.ask(wish(2, named))
    assert isinstance(held, PeopleHeld)
    assert {person.person_id for person in held.people} == {named, other}
    assert (await saga.states(), held.version) == (["held", "held"], 1)
    told = await saga.confirm()
    assert [type(event) for event in told] == [ShiftAssigned, ShiftAssigned]
    assert await saga.states() == ["assigned", "assigned"]
    await hear(saga.session, saga.planned)
    present = await saga.session.scalar(text("select qualified_present from coverages"))
    assert present == 2, "also when the session becomes known after its people"
    assert await saga.confirm(version=1) == []


async def test_a_confirmation_counts_whatever_became_of_the_person_meanwhile(saga: Saga) -> None:
    person_id = await saga.person()
    await saga.ask(wish())
    gone = text("update people set ended_on = started_on where id = :id")
    await saga.session.execute(gone, {"id": person_id})
    assert [type(event) for event in await saga.confirm()] == [ShiftAssigned]


async def test_a_session_that_is_too_long_for_a_shift_is_refused_and_not_parked(saga: Saga) -> None:
    await saga.person()
    saga.planned = saga.planned.model_copy(update={"ends_at": saga.planned.starts_at + timedelta(days=8)})
    (refused,) = await saga.ask(wish())
    assert isinstance(refused, PeopleRefused)
    assert refused.refusals[0].explanation == "Plan one shift for each day or week."


async def test_nobody_is_held_when_one_wish_cannot_be_fulfilled(saga: Saga) -> None:
    only = await saga.person()
    (refused,) = await saga.ask(wish(1), wish(1))
    assert isinstance(refused, PeopleRefused)
    assert [(one.role, one.reason, one.alternatives) for one in refused.refusals] == [("animator", "nobody_found", ())]
    assert await saga.states() == []
    (held,) = await saga.ask(wish(1), version=2)
    assert isinstance(held, PeopleHeld)
    assert held.people[0].person_id == only


@pytest.mark.parametrize("reason", ["unknown_person", "not_qualified", "on_leave"])
async def test_a_refusal_says_why_and_who_could_instead(saga: Saga, reason: str) -> None:
    alternative = await saga.person()
    wanted = {"unknown_person": new_id(), "not_qualified": await saga.person(qualified=False)}.get(reason)
    if wanted is None:
        wanted = await saga.person()
        day = saga.planned.starts_at.date()
        await saga.session.execute(
            text(
                "insert into leaves (id, organisation_id, person_id, version, kind, state, starts_on, ends_on)"
                " values (:id, :organisation, :person, 1, 'leave', 'approved', :day, :day)"
            ),
            {"id": new_id(), "organisation": saga.planned.organisation_id, "person": wanted, "day": day},
        )
    (refused,) = await saga.ask(wish(1, wanted))
    assert isinstance(refused, PeopleRefused)
    (refusal,) = refused.refusals
    assert (refusal.reason, refusal.alternatives) == (reason, (alternative,))
    assert refusal.explanation


async def test_what_is_given_back_is_free_and_a_late_confirmation_changes_nothing(saga: Saga) -> None:
    await saga.person()
    await saga.ask(wish())
    assert await saga.release() == [], "nobody was told that he is on, so nobody is told that he is not"
    assert await saga.states() == ["released"]
    assert await saga.confirm() == []
    assert await saga.states() == ["released"]
    (held,) = await saga.ask(wish(), version=2)
    assert isinstance(held, PeopleHeld)
    await saga.confirm(version=2)
    (released,) = await saga.release(version=2)
    assert isinstance(released, ShiftReleased)
    assert released.reason == "hold_released"


async def test_a_later_version_replaces_the_earlier_and_keeps_the_same_people(saga: Saga) -> None:
    people = {await saga.person(), await saga.person()}
    (first,) = await saga.ask(wish())
    await saga.confirm()
    *released, second = await saga.ask(wish(), version=2)
    assert isinstance(first, PeopleHeld)
    assert isinstance(second, PeopleHeld)
    assert first.people[0].person_id == second.people[0].person_id in people
    assert [type(event) for event in released] == [ShiftReleased]
    assert await saga.ask(wish(2), version=1) == [], "an older version does nothing"
    assert await saga.confirm(version=1) == []
    assert await saga.states() == ["released", "held"]


async def test_a_version_that_was_given_back_before_it_came_holds_nobody(saga: Saga) -> None:
    await saga.person()
    await saga.release(version=3)
    assert await saga.ask(wish(), version=2) == []
    assert await saga.states() == []


async def test_nobody_answers_for_a_session_that_wants_no_people(saga: Saga) -> None:
    assert await saga.ask() == []
