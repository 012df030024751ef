"""From which day on a record is near enough, which rule holds, and what one look forgets and notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.projection import know_organisation
from access.retention import Kept, Rule, find_rule, forget_past_period, keep_periods, list_past_period
from common.clock import now
from common.database import Database, organisation_context
from common.ids import new_id
from common.testing import example
from contracts.partners import OrganisationChanged
from tests.common.mechanism import until
from tests.conftest import ServiceDatabases

SOURCE = "a source"
RULE_OF_TWO_YEARS = text(
    "insert into retention_rules (jurisdiction, record, years, source, status)"
    f" values ('BE', :record, 2, '{SOURCE}', 'stated')"
)


@pytest.mark.parametrize(
    ("today", "years", "days", "since"),
    [
        (date(2026, 11, 23), 1, None, date(2025, 1, 1)),
        (date(2026, 1, 1), 1, None, date(2025, 1, 1)),
        (date(2025, 12, 31), 1, None, date(2024, 1, 1)),
        (date(2026, 2, 28), 0, None, date(2026, 1, 1)),
        (date(2026, 11, 23), 0, 180, date(2026, 5, 27)),
    ],
)
def test_the_period_is_counted_in_calendar_years_or_in_days(
    today: date, years: int, days: int | None, since: date
) -> None:
    rule = Rule(years, days, SOURCE, "stated")
    assert rule.kept_since(today) == since
    assert rule.kept_until(since) >= today, "who ended on that day is kept still"


@pytest.fixture
async def database(databases_of: Callable[[str], ServiceDatabases]) -> AsyncIterator[Database]:
    made = Database()
    made.connect(databases_of("notifications").urls["worker"], 4)
    yield made
    await made.close()


async def make_organisation(database: Database, jurisdiction: str) -> UUID:
    organisation_id = new_id()
    state = example(OrganisationChanged, organisation_id=organisation_id, jurisdiction=jurisdiction)
    async with database.transaction(organisation_context(organisation_id, "test")) as session:
        await know_organisation(session, state)
    return organisation_id


class Shelf:
    """Records in memory, of one organisation, each with its last day."""

    def __init__(self, organisation_id: UUID, *last_days: date) -> None:
        self.organisation_id, self.last_days = organisation_id, {new_id(): day for day in last_days}

    async def list_past(self, _session: AsyncSession, organisation_id: UUID, since: date, rows_max: int) -> list[UUID]:
        if organisation_id != self.organisation_id:
            return []
        return [one for one, day in self.last_days.items() if day < since][:rows_max]

    async def forget(self, _session: AsyncSession, _organisation_id: UUID, ids: Sequence[UUID]) -> None:
        for one in ids:
            del self.last_days[one]


async def look_of(database: Database, record: str) -> tuple[bool, int] | None:
    """Whether the last look was a moment ago, and how many it and those before have forgotten."""
    statement = text(
        "select looked_at > now() - interval '1 minute', forgotten from retention_looks where record = :record"
    )
    async with database.transaction() as session:
        row = (await session.execute(statement, {"record": record})).first()
    return None if row is None else (row[0], row[1])


async def test_a_look_forgets_what_is_past_and_says_so(
    database: Database, databases_of: Callable[[str], ServiceDatabases]
) -> None:
    record = f"kind {new_id()}"
    async with databases_of("notifications").engine("owner").begin() as connection:
        await connection.execute(RULE_OF_TWO_YEARS, {"record": record})
    belgian, unruled = await make_organisation(database, "BE-VLG"), await make_organisation(database, "XX")
    old, new = date(2001, 1, 1), now().date()
    shelf, other = Shelf(belgian, old, old, old, new), Shelf(unruled, old)
    kept = Kept(record, shelf.list_past, shelf.forget, at_once=2)
    async with database.transaction(organisation_context(belgian, "test")) as session:
        assert await find_rule(session, belgian, record, new) == Rule(2, None, SOURCE, "stated")
        assert len(await list_past_period(session, belgian, kept, 10)) == 3
    assert len(shelf.last_days) == 4, "looking at it forgets nothing"
    assert await forget_past_period(database, kept) == 2
    assert await look_of(database, record) == (True, 2)
    assert await forget_past_period(database, kept) == 1
    assert await look_of(database, record) == (True, 3)
    assert list(shelf.last_days.values()) == [new]
    assert await forget_past_period(database, Kept(record, other.list_past, other.forget)) == 0
    assert len(other.last_days) == 1, "a country without a rule keeps"


async def test_a_kind_that_fails_is_not_noted_and_stops_no_other(
    database: Database, databases_of: Callable[[str], ServiceDatabases]
) -> None:
    stop, bad, good = asyncio.Event(), f"bad {new_id()}", f"good {new_id()}"
    shelf = Shelf(await make_organisation(database, "BE"), date(2001, 1, 1))

    async def fail(session: AsyncSession, _organisation_id: UUID, _ids: Sequence[UUID]) -> None:
        await session.execute(text("select 1 / 0"))

    async with databases_of("notifications").engine("owner").begin() as connection:
        await connection.execute(RULE_OF_TWO_YEARS, {"record": bad})
    kinds = [Kept(bad, shelf.list_past, fail), Kept(good, shelf.list_past, shelf.forget)]
    looking = asyncio.ensure_future(keep_periods(database, kinds, stop))
    await until(lambda: look_of(database, good))
    stop.set()
    await looking
    assert await look_of(database, bad) is None
