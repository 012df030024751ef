"""A household is erased step by step, and its bookings stay, of people who cannot be named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from activities.erasures import use_cases
from activities.erasures.outside import journal
from activities.erasures.use_cases import BEGIN_ERASURE
from activities.run_worker import JOBS
from common.database import Database, organisation_context
from common.due_rows import DueRow
from contracts.activities import ContactChanged, ErasureRequested, ErasureStep
from tests.conftest import ServiceDatabases
from tests.factories.accounts import World
from tests.factories.activities import BASE, Organiser, created, make_household, make_organiser

NAME = "Zylberman"
ANSWERS = [
    ("address", "notifications"),
    ("records", "staffing"),
    ("records", "finance"),
    ("records", "finance"),
    ("records", "partners"),
    ("messages", "notifications"),
]


async def ask(organiser: Organiser, subject: str, subject_id: UUID) -> dict[str, Any]:
    """The receipt of an erasure that was just asked for."""
    body = {"organisation_id": str(organiser.organisation_id), "subject": subject, "subject_id": str(subject_id)}
    return created(await organiser.director.post(f"{BASE}/erasures", body))


async def begin(worker: Database, receipt: dict[str, Any]) -> None:
    """What the worker does with the due row."""
    erasure_id, organisation_id = UUID(receipt["id"]), UUID(receipt["organisation_id"])
    await JOBS[BEGIN_ERASURE](worker, DueRow(BEGIN_ERASURE, erasure_id, organisation_id, 1))


async def answer(worker: Database, receipt: dict[str, Any], step: str, service: str) -> None:
    """What a consumer does with the answer of a service."""
    async with worker.transaction(organisation_context(UUID(receipt["organisation_id"]), "test")) as session:
        await use_cases.keep_answer(session, UUID(receipt["id"]), step, service, (), ())


async def found_in(databases: ServiceDatabases, name: str) -> set[str]:
    """The tables in which some row says the name."""
    async with databases.engine("owner").connect() as connection:
        tables = await connection.scalars(
            text(
                "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            )
        )
        statement = "select 1 from {0} t where t::text ilike :name limit 1"
        return {
            table
            for table in tables.all()
            if await connection.scalar(text(statement.format(table)), {"name": f"%{name}%"})
        }


async def published(databases: ServiceDatabases, key: str) -> list[tuple[str, str]]:
    """(wire type, payload) of what the outbox holds of a key, in order."""
    async with databases.engine("owner").connect() as connection:
        rows = await connection.execute(
            text("select wire_type, payload from outbox_events where key = :key order by id"), {"key": UUID(key)}
        )
        return [(row.wire_type, row.payload) for row in rows]


async def test_a_household_is_erased_step_by_step(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], worker: Database, tmp_path: Path
) -> None:
    databases, organiser = databases_of("activities"), await make_organiser(service_world)
    household_id, (child,) = await make_household(
        organiser.director, organiser.organisation_id, "2017-05-01", email="rosa@zylberman.example", name=NAME
    )
    assert {"households", "participants", "contacts"} <= await found_in(databases, NAME)
    photo = {"participant_id": str(child), "purpose": "photo", "wording_version": 1, "is_given": True}
    created(await organiser.director.post(f"{BASE}/consents", photo))
    receipt = await ask(organiser, "household", household_id)
    journal.open(str(tmp_path / "journal"))
    try:
        await begin(worker, receipt)
        await begin(worker, receipt)
    finally:
        journal.open("")
    noted = [json.loads(line) for line in (tmp_path / "journal").read_text().splitlines()]
    assert [entry["participant_ids"] for entry in noted] == [[str(child)]] * 2, "noted before anything is erased"
    assert "contacts" in await found_in(databases, NAME), "the last address is set aside first"
    for step, service in ANSWERS:
        await answer(worker, receipt, step, service)
    assert not await found_in(databases, NAME)
    assert "consents" not in await found_in(databases, str(child))
    shown = (await service_world.nobody().get(f"{BASE}/erasures/{receipt['code']}")).json()
    assert shown["state"] == "complete"
    assert [one["service"] for one in shown["answers"] if one["step"] == "records"].count("finance") == 1
    (own,) = [one for one in shown["answers"] if one["service"] == "activities"]
    assert {item["record"] for item in own["erased"]} >= {"participants", "contacts", "households", "consents"}
    steps = [ErasureRequested.model_validate_json(payload) for _, payload in await published(databases, receipt["id"])]
    assert [event.step for event in steps] == list(ErasureStep)
    assert [event.version for event in steps] == [1, 2, 3]
    for told in await published(databases, str(steps[0].contact_ids[0])):
        assert told[1] == "", "nothing that a restarted broker hears names the contact"


async def test_who_stays_is_told_of_without_the_one_who_goes(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], worker: Database
) -> None:
    organiser = await make_organiser(service_world)
    household_id, (child, sibling) = await make_household(
        organiser.director, organiser.organisation_id, "2017-05-01", "2018-05-01"
    )
    (contact,) = (await organiser.director.get(f"{BASE}/households/{household_id}/contacts")).json()
    receipt = await ask(organiser, "participant", child)
    await begin(worker, receipt)
    for step, service in ANSWERS:
        await answer(worker, receipt, step, service)
    told = [payload for _type, payload in await published(databases_of("activities"), contact["id"])]
    assert [payload for payload in told[:-1] if payload] == []
    last = ContactChanged.model_validate_json(told[-1])
    assert [person.participant_id for person in last.persons] == [sibling]
    gone = (await organiser.director.get(f"{BASE}/participants/{child}")).json()
    assert (gone["given_name"], gone["family_name"], gone["born_on"], gone["household_id"]) == ("—", "—", None, None)


async def test_an_erasure_of_the_journal_is_asked_for_again_once(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], worker: Database
) -> None:
    organiser = await make_organiser(service_world)
    household_id, _children = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    receipt = await ask(organiser, "household", household_id)
    context = organisation_context(organiser.organisation_id, "test")
    async with worker.transaction(context) as session:
        entry = await use_cases.journal_entry(session, UUID(receipt["id"]))
    async with databases_of("activities").engine("owner").begin() as restored:
        for table in ("due_rows where subject_id = :id", "erasures where id = :id"):
            await restored.execute(text(f"delete from {table}"), {"id": UUID(receipt["id"])})
    for expected in (True, False):
        async with worker.transaction(context) as session:
            assert await use_cases.ask_again(session, entry) is expected
            assert await use_cases.journal_entry(session, UUID(receipt["id"])) == entry


@pytest.mark.parametrize("step", ["address", "records"])
async def test_an_answer_that_nobody_waits_for_changes_nothing(
    service_world: World, worker: Database, step: str
) -> None:
    organiser = await make_organiser(service_world)
    household_id, _children = await make_household(organiser.director, organiser.organisation_id, "2017-05-01")
    receipt = await ask(organiser, "household", household_id)
    unknown = {**receipt, "id": receipt["organisation_id"]}
    await answer(worker, unknown, step, "notifications")
    await begin(worker, receipt)
    await answer(worker, receipt, "records", "staffing")
    shown = (await service_world.nobody().get(f"{BASE}/erasures/{receipt['code']}")).json()
    assert shown["state"] == "address"
