"""People of an association, recorded and linked over the staffing API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from contracts.staffing import PersonChanged
from tests.conftest import ServiceDatabases
from tests.factories.accounts import Person, World

BASE = "/api/staffing/v1"


async def register(planner: Person, organisation_id: UUID, **fields: Any) -> dict[str, Any]:
    """A volunteer since 2025 unless told otherwise."""
    body = {
        "organisation_id": str(organisation_id),
        "kind": "volunteer",
        "display_name": "Aïcha Benali",
        "started_on": "2025-09-01",
        **fields,
    }
    answer = await planner.post(f"{BASE}/people", body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def link(
    world: World,
    databases_of: Callable[[str], ServiceDatabases],
    planner: Person,
    person_id: str,
    who: Person | None = None,
) -> Person:
    """Link an account, by the code that was announced for the person's e-mail."""
    sent = await planner.post(f"{BASE}/people/{person_id}/link-code", {})
    assert sent.status_code == 202, sent.text
    async with databases_of("staffing").engine("owner").connect() as connection:
        statement = text("select payload from outbox_events where key = :id order by id desc limit 1")
        payload = await connection.scalar(statement, {"id": UUID(person_id)})
    person = who or world.stranger()
    code = PersonChanged.model_validate_json(payload).link_code
    linked = await person.post(f"{BASE}/people/link", {"code": code})
    assert linked.status_code == 200, linked.text
    return person
