"""Isolation is in every service's database, and each check of it has been seen to fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.architecture import schema
from tests.architecture.source_tree import SERVICES
from tests.conftest import ServiceDatabases

CHECKS = (
    schema.forced_policies,
    schema.policies_for_every_role,
    schema.no_open_policy,
    schema.payloads_are_closed,
    schema.audited_changes,
    schema.nobody_bypasses,
    schema.no_open_door,
)
PLANTED = [
    (schema.forced_policies, "alter table supervisors no force row level security", "supervisors: "),
    (schema.forced_policies, "alter table supervisors disable row level security", "supervisors: "),
    (schema.forced_policies, "create table rotas (id uuid, organisation_id uuid)", "rotas: "),
    (schema.policies_for_every_role, "drop policy supervisors_owner on supervisors", "staffing_owner has no"),
    (schema.policies_for_every_role, "drop policy supervisors_auditor on supervisors", "staffing_auditor has no"),
    (schema.policies_for_every_role, "drop policy supervisors_select on supervisors", "staffing_api has no"),
    (schema.no_open_policy, "create policy p on supervisors to staffing_api using (true)", "supervisors: "),
    (schema.no_open_policy, "create policy p on supervisors using (organisation_id is not null)", "supervisors: "),
    (
        schema.no_open_policy,
        "alter policy supervisors_update on supervisors with check (true)",
        "the UPDATE policy is open",
    ),
    (
        schema.no_open_policy,
        "alter policy supervisors_select on supervisors using (organisation_id = any(app_organisations()) or true)",
        "the SELECT policy is open",
    ),
    (
        schema.no_open_policy,
        "create policy p on idempotency_keys to staffing_api using (key <> '')",
        "idempotency_keys: ",
    ),
    (schema.payloads_are_closed, "alter table idempotency_keys no force row level security", "idempotency_keys: "),
    (schema.payloads_are_closed, "grant select on parked_events to staffing_api", "parked_events: "),
    (schema.payloads_are_closed, "grant select (payload) on parked_events to staffing_api", "parked_events: "),
    (schema.audited_changes, "drop trigger supervisors_audit on supervisors", "supervisors: "),
    (schema.audited_changes, "alter table supervisors disable trigger supervisors_audit", "supervisors: "),
    (schema.nobody_bypasses, "grant truncate on supervisors to staffing_api", "may TRUNCATE"),
    (schema.nobody_bypasses, "grant update on supervisors to staffing_auditor", "may UPDATE"),
    (schema.no_open_door, "create view everybody as select * from supervisors", "everybody: a view"),
    (
        schema.no_open_door,
        "create function peep() returns bigint language sql security definer set search_path = public"
        " as 'select count(*) from supervisors'",
        "peep: a function",
    ),
    (
        schema.no_open_door,
        "create function lead() returns bigint language sql security definer as 'select 1::bigint'",
        "lead: a function",
    ),
]
PLANTED_BY_SUPERUSER = [
    (schema.nobody_bypasses, "alter role staffing_worker bypassrls", "staffing_worker: has powers"),
    (schema.nobody_bypasses, "grant staffing_owner to staffing_api", "staffing_api: may act as the owner"),
]


@asynccontextmanager
async def undone(databases: ServiceDatabases, role: str = "owner") -> AsyncIterator[AsyncConnection]:
    """A connection whose changes are never committed."""
    async with databases.engine(role).connect() as connection:
        yield connection
        await connection.rollback()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_isolation_holds(
    databases_of: Callable[[str], ServiceDatabases], service: str, check: schema.Check
) -> None:
    async with undone(databases_of(service)) as connection:
        violations = await check(connection, service)
    assert not violations, "\n".join([str(check.__doc__), *violations])


@pytest.mark.parametrize("service", SERVICES)
async def test_no_table_is_excused_that_is_not_there(
    databases_of: Callable[[str], ServiceDatabases], service: str
) -> None:
    async with undone(databases_of(service)) as connection:
        present = set((await connection.execute(text("select tablename from pg_tables"))).scalars())
    excused = {*schema.NOT_AUDITED, *schema.READABLE_BY_EVERYBODY, *schema.MECHANISM_WITHOUT_POLICY}
    named = {table.rpartition(".")[2] for table in excused if table.rpartition(".")[0] in ("", service)}
    assert named <= present


@pytest.mark.parametrize(("check", "fault", "told"), PLANTED)
async def test_a_planted_fault_is_seen(
    databases_of: Callable[[str], ServiceDatabases], check: schema.Check, fault: str, told: str
) -> None:
    async with undone(databases_of("staffing")) as connection:
        await connection.execute(text(fault))
        assert any(told in violation for violation in await check(connection, "staffing"))


@pytest.mark.parametrize(("check", "fault", "told"), PLANTED_BY_SUPERUSER)
async def test_a_powerful_role_is_seen(
    databases_of: Callable[[str], ServiceDatabases], superuser_url: str, check: schema.Check, fault: str, told: str
) -> None:
    databases = databases_of("staffing")
    superuser = ServiceDatabases("staffing", {"superuser": with_superuser(databases.urls["owner"], superuser_url)})
    try:
        async with undone(superuser, "superuser") as connection:
            await connection.execute(text(fault))
            assert any(told in violation for violation in await check(connection, "staffing"))
    finally:
        await superuser.close()


def test_every_check_has_a_planted_fault() -> None:
    assert {check for check, *_ in PLANTED} == set(CHECKS)


def with_superuser(url: str, superuser_url: str) -> str:
    """The address of the same database, for the superuser."""
    people = superuser_url.partition("://")[2].rpartition("@")[0]
    _, _, address = url.rpartition("@")
    return f"postgresql+asyncpg://{people}@{address}"
