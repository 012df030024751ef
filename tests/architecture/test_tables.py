"""The tables that the code knows are the tables that the migrations make, in every service."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from tests.architecture.source_tree import SERVICES, SourceTree
from tests.conftest import ServiceDatabases

MECHANISM = {
    "alembic_version", "audit_entries", "due_rows", "handled_events", "idempotency_keys", "known_account_persons",
    "known_memberships", "known_organisations", "outbox_cursor", "parked_decisions", "parked_events",
    "retention_looks", "retention_rules",
}  # fmt: skip
"""Made by the foundation for all services; their statements are written out beside their DDL."""


def metadata_of(service: str) -> MetaData:
    """The tables of all features of a service."""
    for file in SourceTree().feature_files(service):
        if file.name == "tables.py":
            importlib.import_module(f"{service}.{file.feature}.tables")
    metadata: MetaData = importlib.import_module(f"{service}.database").Base.metadata
    return metadata


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """What a migration would have to change for the database to be what the code says."""

    def is_ours(item: Any, name: str | None, kind: str, _reflected: bool, _counterpart: Any) -> bool:
        table = name if kind == "table" else item.table.name
        return table not in MECHANISM and not str(table).startswith("outbox_events")

    context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
    return list(compare_metadata(context, metadata))


@pytest.mark.parametrize("service", SERVICES)
async def test_code_and_migrations_agree(databases_of: Callable[[str], ServiceDatabases], service: str) -> None:
    async with databases_of(service).engine("owner").connect() as connection:
        found = await connection.run_sync(differences, metadata_of(service))
    assert not found, "\n".join(str(difference) for difference in found)


@pytest.mark.parametrize(
    "fault",
    [
        "alter table supervisors add column telephone text",
        "alter table supervisors drop column display_name",
        "alter table supervisors alter column display_name type varchar(20)",
        "alter table supervisors alter column display_name drop not null",
        "drop index supervisors_session_id_index",
        "drop table supervisors",
        "create table rotas (id uuid primary key)",
    ],
)
async def test_a_planted_difference_is_seen(databases_of: Callable[[str], ServiceDatabases], fault: str) -> None:
    async with databases_of("staffing").engine("owner").connect() as connection:
        await connection.execute(text(fault))
        assert await connection.run_sync(differences, metadata_of("staffing"))
        await connection.rollback()
