"""Supervisors come and go, rules change from a day on; rows and events follow."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from common.database import Database, organisation_context
from common.due_rows import DueRow
from common.ids import new_id
from common.testing import example, rolled_back
from contracts.activities import SessionCancelled, SessionScheduled
from contracts.staffing import CoverageRestored, CoverageShort
from staffing.coverage import queries, use_cases
from staffing.coverage.domain import (
    CoverageNotFound,
    Engagement,
    Qualification,
    SessionIsCancelled,
    Strategy,
    SupervisorNotFound,
    read_rule,
)
from staffing.run_worker import JOBS
from tests.conftest import ServiceDatabases
from tests.staffing.conftest import announced, confirmed, hear, scheduled

ADD_RULE = text(
    "insert into supervision_rules (jurisdiction, rule, value, valid_from, valid_to, source, status)"
    " values (:jurisdiction, :rule, cast(:value as jsonb), :valid_from, :valid_to, 'https://example.org', 'verified')"
)


def by_group_of(children: int) -> str:
    """A rule of the Belgian kind with one group size for all ages."""
    scale = {"minutes_max": None, "younger_per_supervisor": children, "older_per_supervisor": children}
    strategy = Strategy.group_with_youngest_threshold
    return json.dumps({"strategy": strategy, "younger_below_age": 6, "adult_from_age": 18, "scales": [scale]})


def somebody(
    qualification: Qualification = Qualification.qualified, subject: str | None = None
) -> use_cases.NewSupervisor:
    issuer = "https://login.example" if subject else None
    return use_cases.NewSupervisor("Aïcha", qualification, Engagement.volunteer, issuer, subject)


@pytest.fixture
async def as_owner(
    databases_of: Callable[[str], ServiceDatabases], organisation_id: UUID
) -> AsyncIterator[AsyncSession]:
    """A transaction of the database's owner, who alone may write rules."""
    engine = databases_of("staffing").engine("owner")
    async with rolled_back(engine, organisation_context(organisation_id, "test")) as session:
        yield session


async def test_enough_supervisors_restore_a_session(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session, confirmed(session, *[9] * 13))
    await use_cases.assign_supervisor(transaction, session.session_id, somebody())
    assert len(await announced(transaction)) == 1
    await use_cases.assign_supervisor(transaction, session.session_id, somebody(Qualification.unqualified))
    short, restored = await announced(transaction)
    assert isinstance(short, CoverageShort)
    assert isinstance(restored, CoverageRestored)
    assert (restored.supervisors_present, restored.qualified_present) == (2, 1)
    assert restored.version > short.version


async def test_two_unqualified_supervisors_are_not_enough(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session, confirmed(session, *[9] * 13))
    for _ in range(2):
        await use_cases.assign_supervisor(transaction, session.session_id, somebody(Qualification.unqualified))
    coverage = await queries.find_coverage(transaction, session.session_id)
    assert coverage is not None
    assert (coverage.supervisors_present, coverage.qualified_present, coverage.is_short) == (2, 0, True)


async def test_an_animator_who_falls_ill_makes_a_session_short_again(
    transaction: AsyncSession, organisation_id: UUID
) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session)
    supervisor_id = await use_cases.assign_supervisor(transaction, session.session_id, somebody())
    await hear(transaction, confirmed(session, 9))
    assert await announced(transaction) == []
    await use_cases.withdraw_supervisor(transaction, supervisor_id)
    (event,) = await announced(transaction)
    assert isinstance(event, CoverageShort)
    assert (event.supervisors_needed, event.supervisors_present) == (1, 0)


async def test_nobody_is_assigned_to_a_cancelled_session(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    cancelled = example(SessionCancelled, **{**session.model_dump(), "version": 2, "reason": "Animatrice malade"})
    await hear(transaction, session, cancelled)
    with pytest.raises(SessionIsCancelled):
        await use_cases.assign_supervisor(transaction, session.session_id, somebody())


async def test_nobody_is_assigned_to_a_session_that_only_a_booking_named(
    transaction: AsyncSession, organisation_id: UUID
) -> None:
    booking = confirmed(scheduled(organisation_id), 9)
    await hear(transaction, booking)
    with pytest.raises(CoverageNotFound):
        await use_cases.assign_supervisor(transaction, booking.session_id, somebody())


async def test_an_account_supervises_a_session_once(transaction: AsyncSession, organisation_id: UUID) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session)
    await use_cases.assign_supervisor(transaction, session.session_id, somebody(subject="aicha"))
    with pytest.raises(IntegrityError, match="supervisors_account_key"):
        await use_cases.assign_supervisor(transaction, session.session_id, somebody(subject="aicha"))


async def test_withdrawing_an_unknown_supervisor_is_told(transaction: AsyncSession) -> None:
    with pytest.raises(SupervisorNotFound):
        await use_cases.withdraw_supervisor(transaction, new_id())


async def test_another_organisation_cannot_assign_or_withdraw(
    databases_of: Callable[[str], ServiceDatabases], transaction: AsyncSession, organisation_id: UUID
) -> None:
    session = scheduled(organisation_id)
    await hear(transaction, session)
    supervisor_id = await use_cases.assign_supervisor(transaction, session.session_id, somebody())
    await transaction.execute(
        text("select set_config('app.organisations', cast(:ids as text), true)"), {"ids": f"{{{new_id()}}}"}
    )
    transaction.expunge_all()
    with pytest.raises(CoverageNotFound):
        await use_cases.assign_supervisor(transaction, session.session_id, somebody())
    with pytest.raises(SupervisorNotFound):
        await use_cases.withdraw_supervisor(transaction, supervisor_id)


async def test_the_seeded_rules_can_all_be_read(transaction: AsyncSession) -> None:
    rows = await queries.list_rules(transaction, jurisdiction=None, rule=None, on=None, after=None, limit=100)
    read = [
        read_rule(
            jurisdiction=row.jurisdiction,
            name=row.rule,
            value=row.value,
            valid_from=row.valid_from,
            source=row.source,
            status=row.status,
        )
        for row in rows
    ]
    assert {(rule.jurisdiction, rule.name) for rule in read} == {
        ("BE-FWB", "be_holiday_centre"),
        ("FR", "fr_extracurricular"),
        ("FR", "fr_periscolaire"),
        ("FR", "fr_periscolaire_pedt"),
    }
    assert all(rule.source.startswith("http") for rule in read)


async def test_nobody_but_the_owner_writes_rules(transaction: AsyncSession) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with transaction.begin_nested():
            await transaction.execute(text("delete from supervision_rules"))


async def test_two_rules_of_a_name_never_hold_on_the_same_day(as_owner: AsyncSession) -> None:
    first = {
        "jurisdiction": "XX",
        "rule": "fr_extracurricular",
        "value": by_group_of(8),
        "valid_from": date(2020, 1, 1),
    }
    await as_owner.execute(ADD_RULE, {**first, "valid_to": date(2026, 6, 30)})
    await as_owner.execute(ADD_RULE, {**first, "valid_from": date(2026, 7, 1), "valid_to": None})
    with pytest.raises(IntegrityError, match="supervision_rules_validity_excl"):
        async with as_owner.begin_nested():
            await as_owner.execute(ADD_RULE, {**first, "valid_from": date(2026, 6, 30), "valid_to": date(2026, 6, 30)})


async def test_a_changed_rule_holds_from_its_day_on_and_not_before(
    as_owner: AsyncSession, organisation_id: UUID
) -> None:
    change_on = datetime.now(UTC).date() + timedelta(days=60)
    named = {"jurisdiction": "XX", "rule": "fr_extracurricular"}
    day_before = change_on - timedelta(days=1)
    old = {**named, "value": by_group_of(12), "valid_from": date(2020, 1, 1), "valid_to": day_before}
    await as_owner.execute(ADD_RULE, old)

    def session_on(day: date) -> SessionScheduled:
        starts_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return scheduled(organisation_id, starts_at=starts_at, jurisdiction="XX", supervision="fr_extracurricular")

    sessions = [session_on(day) for day in (date(2024, 5, 1), day_before, change_on)]
    for session in sessions:
        await hear(as_owner, session, confirmed(session, *[9] * 12))
    assert await needs(as_owner, sessions) == [1, 1, 0]

    await as_owner.execute(ADD_RULE, {**named, "value": by_group_of(4), "valid_from": change_on, "valid_to": None})
    due = (await as_owner.execute(text("select subject_id from due_rows where kind = 'reassess_coverage'"))).scalars()
    assert set(due) == {session.session_id for session in sessions[1:]}
    for session in sessions:
        await use_cases.reassess_coverage(as_owner, session.session_id)
    assert await needs(as_owner, sessions) == [1, 1, 3]
    assert [event.supervisors_needed for event in await announced(as_owner)] == [1, 3]


async def needs(session: AsyncSession, known: list[SessionScheduled]) -> list[int]:
    rows = [await queries.find_coverage(session, item.session_id) for item in known]
    return [row.supervisors_needed for row in rows if row is not None]


async def test_the_day_of_a_session_is_the_day_at_its_site(as_owner: AsyncSession, organisation_id: UUID) -> None:
    rule = {"jurisdiction": "XX", "rule": "fr_extracurricular", "value": by_group_of(4)}
    await as_owner.execute(ADD_RULE, {**rule, "valid_from": date(2027, 7, 2), "valid_to": None})
    starts_at = datetime(2027, 7, 1, 22, 30, tzinfo=UTC)  # Half past midnight on 2 July in Brussels.
    session = scheduled(organisation_id, starts_at=starts_at, jurisdiction="XX", supervision="fr_extracurricular")
    await hear(as_owner, session, confirmed(session, *[9] * 12))
    assert await needs(as_owner, [session]) == [3]


async def test_the_job_assesses_a_due_session_and_forgets_it(
    databases_of: Callable[[str], ServiceDatabases], organisation_id: UUID
) -> None:
    database = Database()
    database.connect(databases_of("staffing").urls["worker"], 2)
    due = DueRow("reassess_coverage", new_id(), organisation_id, 1)
    try:
        async with database.transaction(due.context) as session:
            await session.execute(
                text(
                    "insert into due_rows (kind, subject_id, organisation_id, due_at) values (:kind, :id, :org, now())"
                ),
                {"kind": due.kind, "id": due.subject_id, "org": organisation_id},
            )
            known = scheduled(organisation_id, session_id=due.subject_id)
            await hear(session, known, confirmed(known, 9))
            await session.execute(text("update coverages set supervisors_needed = 0, is_short = false"))
        await JOBS["reassess_coverage"](database, due)
        async with database.transaction(due.context) as session:
            assert await needs(session, [known]) == [1]
            left = await session.scalar(
                text("select count(*) from due_rows where subject_id = :id"), {"id": due.subject_id}
            )
            assert left == 0
    finally:
        await database.close()
