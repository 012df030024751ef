"""Who left is forgotten: volunteers after the next year, whoever got anything when records of work are old enough."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import know_organisation
from access.retention import list_past_period
from common.database import apply_context, organisation_context
from common.ids import new_id
from common.testing import example, rolled_back
from contracts.partners import OrganisationChanged
from staffing.people.use_cases import register_person
from staffing.recruitment.domain import ApplicationState
from staffing.recruitment.tables import Application, Vacancy
from staffing.retention.use_cases import KEPT
from tests.conftest import ServiceDatabases

WORKERS, VOLUNTEERS, APPLICATIONS = KEPT
THIS_YEAR = datetime.now(UTC).year
WORKED = text(
    """insert into worked_hours (id, organisation_id, version, person_id, title, engagement, state, starts_at,
              ends_at, worked_on, minutes, value_minor, allowance_minor, explanation)
       values (uuidv7(), :organisation_id, 1, :person_id, 't', 'volunteer', 'approved', :at, :until, :day, 60, 0,
              :allowance, '')"""
)


@pytest.fixture
async def session(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[AsyncSession]:
    async with rolled_back(databases_of("staffing").engine("worker")) as opened:
        yield opened


@pytest.fixture
async def own(session: AsyncSession) -> UUID:
    """An association in Belgium."""
    organisation_id = new_id()
    await apply_context(session, organisation_context(organisation_id, "test"))
    await know_organisation(session, example(OrganisationChanged, organisation_id=organisation_id, jurisdiction="BE"))
    return organisation_id


async def left(session: AsyncSession, own: UUID, kind: str, years_ago: int | None) -> UUID:
    """Somebody who left on the last day of a year, or is still there."""
    fields = {
        "kind": kind,
        "display_name": "Rosa Zylberman",
        "email": "rosa@zylberman.example",
        "language": "fr",
        "started_on": date(2010, 1, 1),
        "ended_on": None if years_ago is None else date(THIS_YEAR - years_ago, 12, 31),
    }
    return (await register_person(session, own, fields)).id


async def worked(session: AsyncSession, own: UUID, person_id: UUID, years_ago: int, allowance: int) -> None:
    at = datetime(THIS_YEAR - years_ago, 6, 1, 9, tzinfo=UTC)
    values = {"organisation_id": own, "person_id": person_id, "allowance": allowance}
    values |= {"at": at, "until": at + timedelta(hours=1), "day": at.date()}
    await session.execute(WORKED, values)


async def test_volunteers_go_after_the_next_year_and_workers_after_five(session: AsyncSession, own: UUID) -> None:
    await left(session, own, "volunteer", None)
    await left(session, own, "volunteer", 1)
    gone = await left(session, own, "volunteer", 2)
    paid = await left(session, own, "volunteer", 2)
    await worked(session, own, paid, 2, allowance=2_000)
    long_ago = await left(session, own, "volunteer", 7)
    await worked(session, own, long_ago, 7, allowance=2_000)
    late = await left(session, own, "employee", 7)
    await worked(session, own, late, 3, allowance=0)
    await left(session, own, "employee", 5)
    employee = await left(session, own, "employee", 6)
    assert await list_past_period(session, own, VOLUNTEERS) == [gone]
    assert sorted(await list_past_period(session, own, WORKERS)) == sorted([long_ago, employee])
    await VOLUNTEERS.forget(session, own, [gone])
    await WORKERS.forget(session, own, [long_ago, employee])
    assert not await list_past_period(session, own, VOLUNTEERS)
    assert not await list_past_period(session, own, WORKERS)
    named = await session.scalar(text("select count(*) from people where display_name = 'Rosa Zylberman'"))
    assert named == 5
    hours = await session.scalar(text("select count(*) from worked_hours where person_id = :id"), {"id": long_ago})
    assert hours == 1, "hours stay, of nobody"


async def test_an_application_that_nobody_decided_is_closed_and_forgotten(session: AsyncSession, own: UUID) -> None:
    vacancy = Vacancy(
        organisation_id=own, title="Animatrice", description="", footing="employee", role="animator", required=[],
        places=1, starts_on=date(2026, 1, 1), ends_on=None, apply_until=None,
    )  # fmt: skip
    session.add(vacancy)
    await session.flush()
    made = {}
    for days, state in ((400, "received"), (360, "received"), (400, "refused")):
        application = Application(
            organisation_id=own, vacancy_id=vacancy.id, state=ApplicationState(state), display_name="Rosa",
            language="fr", email="rosa@example.org", account_issuer="i",
            account_subject=f"{days}{state}", message="Bonjour",
            received_at=datetime.now(UTC) - timedelta(days=days),
        )  # fmt: skip
        session.add(application)
        await session.flush()
        made[days, state] = application
    past = await list_past_period(session, own, APPLICATIONS)
    assert past == [made[400, "received"].id], "a refused one has its own due row"
    await APPLICATIONS.forget(session, own, past)
    found = await session.get(Application, past[0], populate_existing=True)
    assert found is not None
    assert (found.state, found.display_name, found.email, found.message) == ("withdrawn", None, None, None)
    assert made[360, "received"].display_name == "Rosa"
