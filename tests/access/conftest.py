"""The database of an invented service with one protected table, and its API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from access.row_policies import PERSONS, protect
from common.logging import configure
from tests.common.mechanism import Mechanism, Migration, make_mechanism

TABLES = (
    "create table notes (id uuid primary key, organisation_id uuid not null, person_id uuid, body text not null)",
    "create table receipts (id uuid primary key, organisation_id uuid not null, amount bigint not null)",
)


@pytest.fixture(scope="session", autouse=True)
def quick_logs() -> None:
    """Refusals are provoked here on purpose."""
    configure("test", "CRITICAL")


@pytest.fixture(scope="session")
async def notebook(superuser_url: str, run_directory: Path, worker_id: str) -> AsyncIterator[Mechanism]:
    """Notes that organisations own and persons may read, and receipts that nobody changes."""
    made = await make_mechanism(superuser_url, f"notebook_{worker_id}", run_directory)
    async with made.engine("owner").begin() as connection:
        for statement in TABLES:
            await connection.execute(text(statement))

        def protect_both(sync: object) -> None:
            protect(Migration(sync), made.service, "notes", also_visible=f"person_id = any({PERSONS})")  # type: ignore[arg-type]
            protect(Migration(sync), made.service, "receipts", append_only=True)  # type: ignore[arg-type]

        await connection.run_sync(protect_both)
    yield made
    await made.close()
