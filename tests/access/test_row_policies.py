"""PostgreSQL itself keeps organisations apart; the audit trail names who changed which fields, and no values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account, Principal
from access.row_policies import act_for
from common.database import Context
from common.idempotency import STORE, OnceKey, find_answer
from common.ids import new_id
from common.testing import rolled_back
from contracts.partners import Role
from tests.common.mechanism import Mechanism

INSERT = text("insert into notes (id, organisation_id, person_id, body) values (:id, :organisation, :person, :body)")


def context_of(*organisations: UUID, persons: frozenset[UUID] = frozenset()) -> Context:
    """The context of a director of these organisations who answers for these persons."""
    roles = {organisation: frozenset({Role.director}) for organisation in organisations}
    return Principal(Account("https://issuer", "amina"), roles, persons).context([Role.director])


async def insert(session: AsyncSession, organisation: UUID, person: UUID | None = None) -> UUID:
    note_id = new_id()
    await session.execute(INSERT, {"id": note_id, "organisation": organisation, "person": person, "body": "secret"})
    return note_id


async def seen(session: AsyncSession) -> set[UUID]:
    return {row.id for row in await session.execute(text("select id from notes"))}


@pytest.fixture
async def written(notebook: Mechanism) -> tuple[UUID, UUID, UUID]:
    """Two organisations, and a note of the first."""
    ours, theirs = new_id(), new_id()
    async with notebook.database("api").transaction(context_of(ours)) as session:
        note_id = await insert(session, ours)
    return ours, theirs, note_id


async def refused(session: AsyncSession, statement: str, **values: object) -> str:
    """The sqlstate with which the database refuses."""
    with pytest.raises(DBAPIError) as caught:
        async with session.begin_nested():
            await session.execute(text(statement), values)
    return str(getattr(caught.value.orig, "sqlstate", ""))


async def test_another_organisation_sees_and_changes_nothing(
    notebook: Mechanism, written: tuple[UUID, UUID, UUID]
) -> None:
    _, theirs, note_id = written
    async with rolled_back(notebook.engine("api"), context_of(theirs)) as session:
        assert note_id not in await seen(session)
        for statement in ("update notes set body = 'x' where id = :id", "delete from notes where id = :id"):
            assert (await session.execute(text(statement), {"id": note_id})).rowcount == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["api", "worker"])
async def test_without_a_context_nothing_is_seen(
    notebook: Mechanism, written: tuple[UUID, UUID, UUID], role: str
) -> None:
    async with rolled_back(notebook.engine(role)) as session:
        assert await seen(session) == set()


async def test_without_the_policy_everything_is_seen(notebook: Mechanism, written: tuple[UUID, UUID, UUID]) -> None:
    """The guard is seen to fail."""
    _, theirs, note_id = written
    await notebook.execute("alter table notes disable row level security")
    try:
        async with rolled_back(notebook.engine("api"), context_of(theirs)) as session:
            assert note_id in await seen(session)
    finally:
        await notebook.execute("alter table notes enable row level security")


async def test_row_cannot_be_given_to_another_organisation(
    notebook: Mechanism, written: tuple[UUID, UUID, UUID]
) -> None:
    ours, theirs, note_id = written
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        with pytest.raises(DBAPIError, match="row-level security"):
            async with session.begin_nested():
                await insert(session, theirs)
        moved = await refused(session, "update notes set organisation_id = :to where id = :id", to=theirs, id=note_id)
        assert moved == "42501"


async def test_person_reads_own_rows_and_writes_none(notebook: Mechanism) -> None:
    organisation, person, other = new_id(), new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(organisation)) as session:
        own, others = await insert(session, organisation, person), await insert(session, organisation, other)
        await session.execute(text("select set_config('app.organisations', '{}', true)"))
        await session.execute(text("select set_config('app.persons', :p, true)"), {"p": f"{{{person}}}"})
        assert await seen(session) == {own}
        assert others not in await seen(session)
        changed = await session.execute(text("update notes set body = 'x' where id = :id"), {"id": own})
        assert changed.rowcount == 0  # type: ignore[attr-defined]
        with pytest.raises(DBAPIError, match="row-level security"):
            async with session.begin_nested():
                await insert(session, organisation, person)


async def test_context_ends_with_its_transaction(notebook: Mechanism, written: tuple[UUID, UUID, UUID]) -> None:
    ours, _, note_id = written
    database = notebook.database("api", connections_max=1)
    async with database.transaction(context_of(ours)) as session:
        assert note_id in await seen(session)
    async with database.transaction() as session:
        assert await seen(session) == set()
    await database.close()


async def test_no_role_escapes_the_policy(notebook: Mechanism, written: tuple[UUID, UUID, UUID]) -> None:
    ours, _, _ = written
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        assert await refused(session, "alter table notes disable row level security") == "42501"
        assert await refused(session, f"set role {notebook.service}_owner") == "42501"
        assert await refused(session, "truncate notes") == "42501"
        assert await refused(session, "create table loot as select * from notes") == "42501"
    async with rolled_back(notebook.engine("relay")) as session:
        assert await refused(session, "select * from notes") == "42501"


async def test_append_only_table_is_never_changed(notebook: Mechanism) -> None:
    organisation = new_id()
    async with rolled_back(notebook.engine("worker"), context_of(organisation)) as session:
        values = {"id": new_id(), "organisation": organisation}
        await session.execute(text("insert into receipts values (:id, :organisation, 5)"), values)
        assert await refused(session, "update receipts set amount = 6") == "42501"
        assert await refused(session, "delete from receipts") == "42501"


async def test_act_for_widens_inside_its_block_only(notebook: Mechanism) -> None:
    ours, theirs = new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        async with act_for(session, theirs, "because they share the session"):
            note_id = await insert(session, theirs)
            own_id = await insert(session, ours)
            assert {note_id, own_id} <= await seen(session)
        assert await seen(session) == {own_id}
        with pytest.raises(DBAPIError, match="row-level security"):
            async with session.begin_nested():
                await insert(session, theirs)


async def insert_and_fail(session: AsyncSession, organisation: UUID) -> None:
    async with act_for(session, organisation, "because of a mistake"):
        await insert(session, organisation)
        raise LookupError


async def test_act_for_narrows_again_after_an_error(notebook: Mechanism) -> None:
    ours, theirs = new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        with pytest.raises(LookupError):
            await insert_and_fail(session, theirs)
        assert await seen(session) == set()


async def test_error_of_the_database_is_not_hidden_by_narrowing(notebook: Mechanism) -> None:
    ours, theirs = new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        with pytest.raises(DBAPIError, match="division by zero"):
            async with session.begin_nested(), act_for(session, theirs, "because of a mistake"):
                await session.execute(text("select 1/0"))
        assert await seen(session) == set()


async def test_nested_widenings_end_one_after_the_other(notebook: Mechanism) -> None:
    ours, second, third = new_id(), new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:  # noqa: SIM117  The order is the point
        async with act_for(session, second, "because one"):
            async with act_for(session, third, "because two"):
                await insert(session, third)
            of_second = await insert(session, second)
            assert await seen(session) == {of_second}


async def audit_of(session: AsyncSession, organisation: UUID) -> Sequence[Row[Any]]:
    question = text("select * from audit_entries where organisation_id = :organisation order by recorded_at, id")
    return (await session.execute(question, {"organisation": organisation})).all()


async def test_widening_is_in_the_audit_trail_of_the_other_organisation(notebook: Mechanism) -> None:
    ours, theirs = new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        async with act_for(session, theirs, "because they share the session"):
            [row] = await audit_of(session, theirs)
        assert (row.actor, row.action, row.because) == (
            "https://issuer|amina", "act_for", "because they share the session",
        )  # fmt: skip


async def test_audit_names_fields_and_holds_no_value(notebook: Mechanism) -> None:
    ours = new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        note_id = await insert(session, ours)
        await session.execute(text("update notes set body = 'hidden', person_id = :p"), {"p": new_id()})
        await session.execute(text("update notes set body = body"))
        await session.execute(text("delete from notes"))
        rows = await audit_of(session, ours)
        told = [(row.action, row.subject_type, row.subject_id, row.fields) for row in rows]
        assert sorted(told) == [
            ("delete", "notes", str(note_id), []),
            ("insert", "notes", str(note_id), []),
            ("update", "notes", str(note_id), ["body", "person_id"]),
        ]
        assert all(row.actor == "https://issuer|amina" for row in rows)
        assert not any("secret" in str(row) or "hidden" in str(row) for row in rows)


@pytest.mark.parametrize("role", ["api", "worker"])
async def test_audit_cannot_be_written_or_changed(notebook: Mechanism, role: str) -> None:
    ours = new_id()
    async with rolled_back(notebook.engine(role), context_of(ours)) as session:
        await insert(session, ours)
        assert await refused(session, "update audit_entries set actor = 'nobody'") == "42501"
        assert await refused(session, "delete from audit_entries") == "42501"
        forged = "insert into audit_entries (organisation_id, actor, request, action, subject_type)"
        assert await refused(session, f"{forged} values (:o, 'a', 'r', 'x', 'y')", o=ours) == "42501"


async def test_audit_of_another_organisation_is_not_seen(notebook: Mechanism) -> None:
    ours, theirs = new_id(), new_id()
    async with rolled_back(notebook.engine("api"), context_of(ours)) as session:
        await insert(session, ours)
        await session.execute(text("select set_config('app.organisations', :o, true)"), {"o": f"{{{theirs}}}"})
        assert await audit_of(session, ours) == []


async def test_a_stored_answer_is_read_by_the_caller_who_owns_its_key_only(notebook: Mechanism) -> None:
    amina, bruno = (Principal(Account("https://issuer", f"{name}-{new_id()}")) for name in ("amina", "bruno"))
    api, key = notebook.database("api"), OnceKey("a key of hers", b"fingerprint")
    async with api.transaction(amina.context()) as session:
        assert await find_answer(session, key, amina.key) is None
        await session.execute(STORE, {"status": 201, "answer": '"secret"', "caller": amina.key, "key": key.key})
    answers = text("select answer from idempotency_keys where caller = :caller")
    for context, told in ((amina.context(), ['"secret"']), (bruno.context(), []), ({}, [])):
        async with api.transaction(context) as session:
            assert list(await session.scalars(answers, {"caller": amina.key})) == told
    async with api.transaction(bruno.context()) as session:
        changed = await session.execute(text("update idempotency_keys set answer = '' returning caller"))
        assert amina.key not in set(changed.scalars())
        forged = "insert into idempotency_keys (caller, key, fingerprint) values (:caller, 'a forged key', '')"
        assert await refused(session, forged, caller=amina.key) == "42501"
    await api.close()


async def test_the_worker_sees_no_answer_and_forgets_old_ones_only(notebook: Mechanism) -> None:
    caller = f"somebody {new_id()}"
    for key, days in (("old", 8), ("young", 6)):
        add = "insert into idempotency_keys (caller, key, fingerprint, created_at) values (:caller, :key, '', now() - "
        await notebook.execute(f"{add} interval '{days} days')", caller=caller, key=key)
    worker = notebook.database("worker")
    async with worker.transaction() as session:
        assert await refused(session, "select answer from idempotency_keys") == "42501"
        await session.execute(text("delete from idempotency_keys where created_at < now()"))
    left = await notebook.rows("select key from idempotency_keys where caller = :caller", caller=caller)
    assert [row.key for row in left] == ["young"]
    await worker.close()


async def test_no_request_reads_what_was_parked(notebook: Mechanism) -> None:
    async with rolled_back(notebook.engine("api")) as session:
        assert await refused(session, "select 1 from parked_events") == "42501"
